"""LlamaIndex: its models, an agent of its own, a query engine with embeddings."""

import asyncio
import os

import service

os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

import tellers

tellers.instrument()

from llama_index.core import Document, Settings, VectorStoreIndex
from llama_index.core.agent.workflow import FunctionAgent
from llama_index.core.llms import ChatMessage
from llama_index.core.tools import FunctionTool
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.anthropic import Anthropic
from llama_index.llms.openai import OpenAI, OpenAIResponses
from pydantic import BaseModel

MESSAGES = [
    ChatMessage(role="system", content=service.SYSTEM),
    ChatMessage(role="user", content=service.QUESTION),
]


class Weather(BaseModel):
    """The weather of a city."""

    city: str


def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


def openai(**more):
    return OpenAI(model=service.MODEL, api_base=service.OPENAI_URL, **more)


def claude():
    return Anthropic(model=service.CLAUDE, base_url=service.MODEL_SERVER)


def stream(model):
    for _ in model.stream_chat(MESSAGES):
        pass


def agent(model, streaming=True):
    async def run():
        await FunctionAgent(
            name="weather_agent", tools=[get_weather], llm=model, system_prompt=service.SYSTEM, streaming=streaming
        ).run(service.QUESTION)

    asyncio.run(run())


def query():
    Settings.llm = openai()
    Settings.embed_model = OpenAIEmbedding(model="text-embedding-3-small", api_base=service.OPENAI_URL)
    index = VectorStoreIndex.from_documents([Document(text="Oslo is clear."), Document(text="Rome is too.")])
    index.as_query_engine(response_mode="refine", similarity_top_k=2).query(service.QUESTION)


every = {
    "chat": lambda: openai().chat(MESSAGES),
    "complete": lambda: openai().complete(service.QUESTION),
    "predict-and-call": lambda: openai().predict_and_call(
        [FunctionTool.from_defaults(get_weather)], service.QUESTION
    ),
    "structured": lambda: openai().as_structured_llm(Weather).chat(MESSAGES),
    "chat-stream": lambda: stream(openai(additional_kwargs={"stream_options": {"include_usage": True}})),
    "chat-stream-nousage": lambda: stream(openai()),
    "responses": lambda: OpenAIResponses(model=service.MODEL, api_base=service.OPENAI_URL).chat(MESSAGES),
    "retry-429x2": lambda: openai().chat(MESSAGES),
    "retry-exhausted": lambda: openai(max_retries=2).chat(MESSAGES),
    "embeddings": lambda: OpenAIEmbedding(model="text-embedding-3-small", api_base=service.OPENAI_URL).get_text_embedding(service.QUESTION),
    "query": query,
    "agent-loop": lambda: agent(openai(), streaming=False),
    "agent-loop-retry": lambda: agent(openai(), streaming=False),
    "agent-stream-loop": lambda: agent(openai(additional_kwargs={"stream_options": {"include_usage": True}})),
    "anthropic-messages": lambda: claude().chat(MESSAGES),
    "anthropic-stream": lambda: stream(claude()),
    "anthropic-loop": lambda: agent(claude(), streaming=False),
}
with service.request():
    every[service.scenario()]()
