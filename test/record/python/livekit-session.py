"""LiveKit Agents: a session without a room, whose user types, with LiveKit's own spans."""

import asyncio
import os

import service

provider = service.start_tracing()
service.instrument_http()

if "TELLERS" in os.environ:
    import tellers

    tellers.instrument()

from livekit.agents import Agent, AgentSession, function_tool
from livekit.agents.llm import FallbackAdapter
from livekit.agents.telemetry import set_tracer_provider
from livekit.plugins import anthropic, google, openai

set_tracer_provider(provider)


class WeatherAgent(Agent):
    def __init__(self):
        super().__init__(instructions=service.SYSTEM)

    @function_tool
    async def get_weather(self, city: str) -> str:
        """Weather of a city."""
        return f"clear in {city}"


class Writer(Agent):
    def __init__(self):
        super().__init__(instructions=service.SYSTEM)


def gemini():
    from google.genai import types

    options = types.HttpOptions(base_url=service.MODEL_SERVER)
    return google.LLM(model="gemini-2.5-flash", api_key=service.KEY, http_options=options)


async def ask(llm, agent=Writer):
    async with AgentSession(llm=llm, max_tool_steps=5) as session:
        await session.start(agent())
        await session.run(user_input=service.QUESTION)


def chat():
    return openai.LLM(model=service.MODEL)


def responses():
    return openai.responses.LLM(model=service.MODEL, use_websocket=False)


def claude():
    return anthropic.LLM(model=service.CLAUDE, api_key=service.KEY, base_url=service.MODEL_SERVER)


every = {
    "chat": lambda: ask(chat()),
    "responses": lambda: ask(responses()),
    "fallback": lambda: ask(FallbackAdapter([chat()])),
    "retry-429x2": lambda: ask(chat()),
    "agent-loop": lambda: ask(chat(), WeatherAgent),
    "agent-loop-retry": lambda: ask(chat(), WeatherAgent),
    "anthropic-messages": lambda: ask(claude()),
    "anthropic-loop": lambda: ask(claude(), WeatherAgent),
    "gemini-generate": lambda: ask(gemini()),
}
with service.request():
    asyncio.run(every[service.scenario()]())
