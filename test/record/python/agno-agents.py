"""Agno: an agent with a tool, a team, and a session that goes on."""

import os

import service

os.environ.update(AGNO_TELEMETRY="false", ANTHROPIC_OPEN_TELEMETRY="false")
service.start_tracing()
service.instrument_http()

import tellers

tellers.instrument()

from agno.agent import Agent
from agno.models.anthropic import Claude
from agno.models.openai import OpenAIChat, OpenAIResponses
from agno.team import Team


def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


def openai():
    return OpenAIChat(id=service.MODEL, base_url=service.OPENAI_URL)


def claude():
    return Claude(id=service.CLAUDE, client_params={"base_url": service.MODEL_SERVER})


def agent(model, name="weather_agent", tools=()):
    return Agent(model=model, name=name, tools=list(tools), instructions=service.SYSTEM, telemetry=False)


def loop(model):
    agent(model, tools=[get_weather]).run(service.QUESTION)


def stream():
    for _ in agent(openai()).run(service.QUESTION, stream=True):
        pass


def team():
    Team(
        members=[agent(openai())], model=openai(), name="team", delegate_to_all_members=True, telemetry=False
    ).run(service.QUESTION)


every = {
    "chat": lambda: agent(openai()).run(service.QUESTION),
    "chat-stream": stream,
    "responses": lambda: agent(OpenAIResponses(id=service.MODEL, base_url=service.OPENAI_URL)).run(service.QUESTION),
    "retry-429x2": lambda: agent(openai()).run(service.QUESTION),
    "agent-loop": lambda: loop(openai()),
    "agent-loop-retry": lambda: loop(openai()),
    "team-loop": team,
    "anthropic-messages": lambda: agent(claude()).run(service.QUESTION),
    "anthropic-loop": lambda: loop(claude()),
}
with service.request():
    every[service.scenario()]()
