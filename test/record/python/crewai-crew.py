"""CrewAI: crews of one and of two agents, with its own clients of OpenAI and Anthropic."""

import os

import service

os.environ.update(CREWAI_DISABLE_TELEMETRY="true", CREWAI_TRACING_ENABLED="false", CREWAI_TESTING="true")
os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

import tellers

tellers.instrument()

from crewai import LLM, Agent, Crew, Task
from crewai.tools import tool


@tool("get_weather")
def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


def openai(**more):
    return LLM(model=f"openai/{service.MODEL}", base_url=service.OPENAI_URL, **more)


def claude():
    return LLM(model=f"anthropic/{service.CLAUDE}", base_url=service.MODEL_SERVER, max_tokens=1000)


def agent(llm, role="weather_agent", tools=()):
    return Agent(role=role, goal="answer", backstory=service.SYSTEM, llm=llm, tools=list(tools))


def task(of, number=1):
    return Task(description=f"{service.QUESTION} {number}", expected_output="a sentence", agent=of)


def crew(*tasks):
    Crew(agents=list({id(t.agent): t.agent for t in tasks}.values()), tasks=list(tasks)).kickoff()


def loop(llm):
    crew(task(agent(llm, tools=[get_weather])))


def twice(llm):
    one = agent(llm)
    crew(task(one), task(one, 2))


every = {
    "chat": lambda: crew(task(agent(openai()))),
    "chat-stream": lambda: crew(task(agent(openai(stream=True)))),
    "direct": lambda: openai().call(service.QUESTION),
    "retry-429x2": lambda: crew(task(agent(openai()))),
    "agent-loop": lambda: loop(openai()),
    "agent-loop-retry": lambda: loop(openai()),
    "two-tasks": lambda: twice(openai()),
    "two-agents": lambda: crew(task(agent(openai())), task(agent(openai(), "writer"), 2)),
    "anthropic-messages": lambda: crew(task(agent(claude()))),
    "anthropic-loop": lambda: loop(claude()),
}
with service.request():
    every[service.scenario()]()
