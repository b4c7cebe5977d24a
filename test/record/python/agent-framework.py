"""Microsoft's Agent Framework with its own spans: agents of OpenAI, Anthropic, Gemini and Bedrock, and a workflow."""

import asyncio
import os

import service

service.start_tracing()
service.instrument_http()

if "TELLERS" in os.environ:
    import tellers

    tellers.instrument()

from agent_framework import Agent, tool
from agent_framework.observability import enable_instrumentation
from agent_framework.openai import OpenAIChatClient, OpenAIChatCompletionClient, OpenAIEmbeddingClient

enable_instrumentation()


@tool(approval_mode="never_require")
def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


def openai():
    return OpenAIChatCompletionClient(model=service.MODEL)


def responses():
    return OpenAIChatClient(model=service.MODEL)


def claude():
    from agent_framework.anthropic import AnthropicClient

    return AnthropicClient(model=service.CLAUDE)


def gemini():
    from agent_framework_gemini import GeminiChatClient
    from google import genai
    from google.genai import types

    options = types.HttpOptions(base_url=service.MODEL_SERVER)
    client = genai.Client(api_key=service.KEY, http_options=options)
    return GeminiChatClient(model="gemini-2.5-flash", client=client)


def bedrock():
    from agent_framework_bedrock import BedrockChatClient

    return BedrockChatClient(model=service.BEDROCK_CLAUDE, region="us-east-1")


def agent(client, name="weather_agent", tools=()):
    return Agent(client=client, name=name, instructions=service.SYSTEM, tools=list(tools))


async def ask(client, **more):
    await agent(client, **more).run(service.QUESTION)


async def stream(client, **more):
    async for _ in agent(client, **more).run(service.QUESTION, stream=True):
        pass


async def nested():
    @tool(approval_mode="never_require")
    async def ask_writer(input: str, objective: str) -> str:
        """Asks another agent."""
        return (await agent(openai(), "writer").run(input)).text

    await ask(openai(), tools=[ask_writer])


async def workflow():
    from agent_framework.orchestrations import SequentialBuilder

    members = [agent(openai()), agent(openai(), "writer")]
    await SequentialBuilder(participants=members).build().run(service.QUESTION)


async def embed():
    await OpenAIEmbeddingClient(model="text-embedding-3-small").get_embeddings([service.QUESTION])


tools = [get_weather]
every = {
    "chat": lambda: ask(openai()),
    "chat-cachewrite": lambda: ask(openai()),
    "chat-stream": lambda: stream(openai()),
    "responses": lambda: ask(responses()),
    "responses-stream": lambda: stream(responses()),
    "embeddings": embed,
    "retry-429x2": lambda: ask(openai()),
    "retry-exhausted": lambda: ask(openai()),
    "agent-loop": lambda: ask(openai(), tools=tools),
    "agent-loop-retry": lambda: ask(openai(), tools=tools),
    "agent-stream-loop": lambda: stream(responses(), tools=tools),
    "two-agents": nested,
    "workflow": workflow,
    "anthropic-messages": lambda: ask(claude()),
    "anthropic-stream": lambda: stream(claude()),
    "anthropic-loop": lambda: ask(claude(), tools=tools),
    "gemini-generate": lambda: ask(gemini()),
    "bedrock-converse": lambda: ask(bedrock()),
}
with service.request():
    asyncio.run(every[service.scenario()]())
