"""Logfire's integration of the OpenAI Agents SDK; with `OPENAI_TOLD` that of the `openai` package below it too."""

import asyncio
import os

import service

import logfire

logfire.configure(send_to_logfire=False, service_name="support-api", service_version="1.42.0", console=False)
service.instrument_http()
logfire.instrument_openai_agents()
if "OPENAI_TOLD" in os.environ:
    logfire.instrument_openai()

import agents
import openai
from agent_runs import agents_sdk

NAME, MODEL = "weather_agent", service.MODEL


def run(agent):
    agents.Runner.run_sync(agent, service.QUESTION)


def completions():
    model = agents.OpenAIChatCompletionsModel(MODEL, openai.AsyncOpenAI())
    run(agents.Agent(name=NAME, instructions=service.SYSTEM, model=model))


def stream():
    async def read():
        agent = agents.Agent(name=NAME, instructions=service.SYSTEM, model=MODEL)
        async for _ in agents.Runner.run_streamed(agent, service.QUESTION).stream_events():
            pass

    asyncio.run(read())


def two_agents():
    """One agent is the other's tool."""
    writer = agents.Agent(name="writer", instructions=service.SYSTEM, model=MODEL)
    tool = writer.as_tool("ask_writer", "Writes about a city")
    run(agents.Agent(name=NAME, instructions=service.SYSTEM, model=MODEL, tools=[tool]))


every = {
    "chat": completions,
    "responses": lambda: run(agents.Agent(name=NAME, instructions=service.SYSTEM, model=MODEL)),
    "responses-stream": stream,
    "agents-sdk-loop": agents_sdk,
    "agents-sdk-loop-retry": agents_sdk,
    "retry-exhausted": lambda: run(agents.Agent(name=NAME, instructions=service.SYSTEM, model=MODEL)),
    "two-agents": two_agents,
}
with service.request():
    every[service.scenario()]()
logfire.force_flush()
