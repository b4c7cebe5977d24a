"""Haystack: a generator by itself, a pipeline with embeddings, an agent with a tool."""

import os

import service

os.environ.update(HAYSTACK_TELEMETRY_ENABLED="False", HAYSTACK_AUTO_TRACE_ENABLED="true")
os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

import tellers

tellers.instrument()

from haystack import Pipeline
from haystack.components.agents import Agent
from haystack.components.builders import ChatPromptBuilder
from haystack.components.embedders import OpenAITextEmbedder
from haystack.components.generators.chat import OpenAIChatGenerator
from haystack.dataclasses import ChatMessage
from haystack.tools import tool

QUESTION = [ChatMessage.from_system(service.SYSTEM), ChatMessage.from_user(service.QUESTION)]


@tool
def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


def openai(**more):
    return OpenAIChatGenerator(model=service.MODEL, api_base_url=service.OPENAI_URL, **more)


def claude():
    from haystack_integrations.components.generators.anthropic import AnthropicChatGenerator

    return AnthropicChatGenerator(model=service.CLAUDE)


def alone(model):
    pipeline = Pipeline()
    pipeline.add_component("model", model)
    pipeline.run({"model": {"messages": QUESTION}})


def loop(model):
    pipeline = Pipeline()
    pipeline.add_component("agent", Agent(chat_generator=model, tools=[get_weather]))
    pipeline.run({"agent": {"messages": QUESTION}})


def embeddings():
    pipeline = Pipeline()
    pipeline.add_component(
        "embedder", OpenAITextEmbedder(model="text-embedding-3-small", api_base_url=service.OPENAI_URL)
    )
    pipeline.run({"embedder": {"text": service.QUESTION}})


def stream():
    usage = {"stream_options": {"include_usage": True}}
    alone(openai(streaming_callback=lambda chunk: None, generation_kwargs=usage))


every = {
    "chat": lambda: alone(openai()),
    "direct": lambda: openai().run(QUESTION),
    "chat-stream": stream,
    "embeddings": embeddings,
    "retry-429x2": lambda: alone(openai()),
    "agent-loop": lambda: loop(openai()),
    "agent-loop-retry": lambda: loop(openai()),
    "anthropic-messages": lambda: alone(claude()),
    "anthropic-loop": lambda: loop(claude()),
}
with service.request():
    every[service.scenario()]()
