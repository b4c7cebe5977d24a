"""OpenInference's Python instrumentations: the provider SDKs, LangGraph, the OpenAI Agents SDK."""

import os

import service

# The Anthropic SDK would make spans of its own: those are recorded by anthropic-native.py.
os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

from openinference.instrumentation.anthropic import AnthropicInstrumentor
from openinference.instrumentation.bedrock import BedrockInstrumentor
from openinference.instrumentation.langchain import LangChainInstrumentor
from openinference.instrumentation.openai import OpenAIInstrumentor
from openinference.instrumentation.openai_agents import OpenAIAgentsInstrumentor

name = service.scenario()
if name.startswith("langgraph"):
    LangChainInstrumentor().instrument()
elif name.startswith("agents-sdk"):
    OpenAIAgentsInstrumentor().instrument()
else:
    OpenAIInstrumentor().instrument()
    AnthropicInstrumentor().instrument()
    BedrockInstrumentor().instrument()

import agent_runs
import anthropic_calls
import bedrock_calls
import openai_calls

every = {
    **openai_calls.SCENARIOS,
    **anthropic_calls.SCENARIOS,
    **bedrock_calls.SCENARIOS,
    **agent_runs.SCENARIOS,
}
with service.request():
    every[name]()
