"""AutoGen: an agent with a tool, and a team of two, with AutoGen's own spans."""

import asyncio

import service

service.start_tracing()
service.instrument_http()

import tellers

tellers.instrument()

from autogen_agentchat.agents import AssistantAgent
from autogen_agentchat.conditions import MaxMessageTermination
from autogen_agentchat.teams import RoundRobinGroupChat
from autogen_ext.models.openai import OpenAIChatCompletionClient

INFO = {"vision": False, "function_calling": True, "json_output": True, "family": "gpt-5", "structured_output": True}


async def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


def openai():
    return OpenAIChatCompletionClient(
        model=service.MODEL, base_url=service.OPENAI_URL, model_info=INFO, include_name_in_message=False
    )


def agent(client, name="weather_agent", tools=(), **more):
    return AssistantAgent(name, model_client=client, tools=list(tools), system_message=service.SYSTEM, **more)


def loop(client, **more):
    return agent(client, tools=[get_weather], max_tool_iterations=5, **more).run(task=service.QUESTION)


def team():
    members = [agent(openai()), agent(openai(), "writer")]
    return RoundRobinGroupChat(members, termination_condition=MaxMessageTermination(3)).run(task=service.QUESTION)


every = {
    "chat": lambda: agent(openai()).run(task=service.QUESTION),
    "retry-429x2": lambda: agent(openai()).run(task=service.QUESTION),
    "agent-loop": lambda: loop(openai()),
    "agent-loop-retry": lambda: loop(openai()),
    "agent-stream-loop": lambda: loop(openai(), model_client_stream=True),
    "two-agents": team,
}
with service.request():
    asyncio.run(every[service.scenario()]())
