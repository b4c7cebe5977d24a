"""Strands' own spans: an agent on OpenAI, on Anthropic and on Bedrock (whose answers it streams)."""

import os

import service

os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

from strands import Agent, tool


@tool
def get_weather(city: str) -> str:
    """Weather of a city."""
    return f"clear in {city}"


def run(model):
    Agent(
        name="weather_agent",
        model=model,
        tools=[get_weather],
        system_prompt=service.SYSTEM,
        callback_handler=None,
    )(service.QUESTION)


def openai():
    from strands.models.openai import OpenAIModel

    return OpenAIModel(model_id=service.MODEL)


def anthropic():
    from strands.models.anthropic import AnthropicModel

    return AnthropicModel(model_id=service.CLAUDE, max_tokens=1024)


def bedrock():
    from strands.models import BedrockModel

    return BedrockModel(model_id=service.BEDROCK_CLAUDE)


SCENARIOS = {
    "chat": openai,
    "agent-loop": openai,
    "agent-loop-retry": openai,
    "anthropic-messages": anthropic,
    "anthropic-loop": anthropic,
    "bedrock-loop": bedrock,
}
with service.request():
    run(SCENARIOS[service.scenario()]())
