"""Pydantic AI's own spans, of version 1 (an agent's sum under the names of its calls) and since."""

import os

import service

os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

from pydantic_ai import Agent
from pydantic_ai.models.anthropic import AnthropicModel
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel

Agent.instrument_all()


def agent(model, tools=True):
    result = Agent(model, name="weather_agent", instructions=service.SYSTEM)
    if tools:

        @result.tool_plain
        def get_weather(city: str) -> str:
            """Weather of a city."""
            return f"clear in {city}"

    return result


def chat_model():
    return OpenAIChatModel(service.MODEL)


def run(model, tools=True):
    agent(model, tools).run_sync(service.QUESTION)


def stream():
    result = agent(chat_model(), False).run_stream_sync(service.QUESTION)
    for _ in result.stream_text():
        pass


def embeddings():
    from pydantic_ai import Embedder

    Embedder.instrument_all()
    Embedder("openai:text-embedding-3-small").embed_query_sync(service.QUESTION)


SCENARIOS = {
    "chat": lambda: run(chat_model(), False),
    "chat-audio": lambda: run(chat_model(), False),
    "chat-stream": stream,
    "responses": lambda: run(OpenAIResponsesModel(service.MODEL), False),
    "agent-loop": lambda: run(chat_model()),
    "agent-loop-retry": lambda: run(chat_model()),
    "retry-429x2": lambda: run(chat_model(), False),
    "retry-exhausted": lambda: run(chat_model(), False),
    "embeddings": embeddings,
    "anthropic-messages": lambda: run(AnthropicModel(service.CLAUDE), False),
    "anthropic-loop": lambda: run(AnthropicModel(service.CLAUDE)),
}
with service.request():
    SCENARIOS[service.scenario()]()
