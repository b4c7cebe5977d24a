"""AG2: an agent with its own telemetry, of OpenAI, Anthropic and Gemini."""

import asyncio
import os

import service

os.environ.update(ANTHROPIC_OPEN_TELEMETRY="false", GOOGLE_GEMINI_BASE_URL=service.MODEL_SERVER)

service.start_tracing()
service.instrument_http()

from ag2 import Agent
from ag2.config import AnthropicConfig, GeminiConfig, OpenAIConfig, OpenAIResponsesConfig
from ag2.middleware import TelemetryMiddleware

NAME = "weather_agent"


def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


def openai(**more):
    return OpenAIConfig(model=service.MODEL, **more)


def claude(**more):
    return AnthropicConfig(model=service.CLAUDE, max_tokens=1000, **more)


def gemini():
    return GeminiConfig(model="gemini-2.5-flash", api_key=service.KEY)


def agent(config, name=NAME, tools=()):
    telling = TelemetryMiddleware(agent_name=name, capture_content=False)
    return Agent(name, service.SYSTEM, config=config, tools=list(tools), middleware=[telling])


def ask(config, **more):
    asyncio.run(agent(config, **more).ask(service.QUESTION))


def nested():
    writer = agent(openai(), "writer")
    ask(openai(), tools=[writer.as_tool(description="Writes about a city", name="ask_writer")])


every = {
    "chat": lambda: ask(openai()),
    "chat-stream": lambda: ask(openai(streaming=True)),
    "responses": lambda: ask(OpenAIResponsesConfig(model=service.MODEL)),
    "retry-429x2": lambda: ask(openai()),
    "agent-loop": lambda: ask(openai(), tools=[get_weather]),
    "agent-loop-retry": lambda: ask(openai(), tools=[get_weather]),
    "two-agents": nested,
    "anthropic-messages": lambda: ask(claude()),
    "anthropic-loop": lambda: ask(claude(), tools=[get_weather]),
    "gemini-generate": lambda: ask(gemini()),
}
with service.request():
    every[service.scenario()]()
