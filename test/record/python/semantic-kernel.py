"""Semantic Kernel's own spans: its chat services and an agent of one, which calls tools in a loop of its own."""

import asyncio
import os

import service

os.environ["SEMANTICKERNEL_EXPERIMENTAL_GENAI_ENABLE_OTEL_DIAGNOSTICS"] = "true"
service.start_tracing()
service.instrument_http()

if "TELLERS" in os.environ:
    import tellers

    tellers.instrument()

from semantic_kernel.agents import ChatCompletionAgent
from semantic_kernel.connectors.ai.open_ai import (
    OpenAIChatCompletion,
    OpenAIChatPromptExecutionSettings,
    OpenAITextEmbedding,
)
from semantic_kernel.contents import ChatHistory
from semantic_kernel.functions import kernel_function


class Weather:
    @kernel_function
    def get_weather(self, city: str) -> str:
        """Weather of a city."""
        return f"clear in {city}"


def openai():
    return OpenAIChatCompletion(ai_model_id=service.MODEL)


def anthropic():
    from semantic_kernel.connectors.ai.anthropic import AnthropicChatCompletion

    return AnthropicChatCompletion(ai_model_id=service.CLAUDE)


def bedrock():
    from semantic_kernel.connectors.ai.bedrock import BedrockChatCompletion

    return BedrockChatCompletion(model_id=service.BEDROCK_CLAUDE)


def gemini():
    from google import genai
    from google.genai import types
    from semantic_kernel.connectors.ai.google.google_ai import GoogleAIChatCompletion

    options = types.HttpOptions(base_url=service.MODEL_SERVER)
    client = genai.Client(api_key=service.KEY, http_options=options)
    return GoogleAIChatCompletion(
        gemini_model_id="gemini-2.5-flash", api_key=service.KEY, client=client
    )


def asked():
    history = ChatHistory(system_message=service.SYSTEM)
    history.add_user_message(service.QUESTION)
    return history


async def chat(model):
    settings = model.get_prompt_execution_settings_class()()
    await model.get_chat_message_contents(asked(), settings)


async def stream(model):
    settings = model.get_prompt_execution_settings_class()()
    async for _ in model.get_streaming_chat_message_contents(asked(), settings):
        pass


def agent(model):
    return ChatCompletionAgent(
        service=model, name="weather_agent", instructions=service.SYSTEM, plugins=[Weather()]
    )


async def run(model):
    await agent(model).get_response(messages=service.QUESTION)


async def run_streamed(model):
    async for _ in agent(model).invoke_stream(messages=service.QUESTION):
        pass


async def embed():
    await OpenAITextEmbedding(ai_model_id="text-embedding-3-small").generate_embeddings([service.QUESTION])


every = {
    "chat": lambda: chat(openai()),
    "chat-stream": lambda: stream(openai()),
    "embeddings": embed,
    "retry-429x2": lambda: chat(openai()),
    "retry-exhausted": lambda: chat(openai()),
    "agent-loop": lambda: run(openai()),
    "agent-loop-retry": lambda: run(openai()),
    "agent-stream-loop": lambda: run_streamed(openai()),
    "anthropic-messages": lambda: chat(anthropic()),
    "anthropic-loop": lambda: run(anthropic()),
    "bedrock-converse": lambda: chat(bedrock()),
    "gemini-generate": lambda: chat(gemini()),
}
with service.request():
    asyncio.run(every[service.scenario()]())
