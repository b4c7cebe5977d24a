"""The instrumentations of opentelemetry-python-genai, the official ones since 2026."""

import os

import agents

import service

# The Anthropic SDK would make spans of its own: those are recorded by anthropic-native.py.
os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

from opentelemetry.instrumentation.genai.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.genai.bedrock import BedrockInstrumentor
from opentelemetry.instrumentation.genai.langchain import LangChainInstrumentor
from opentelemetry.instrumentation.genai.openai import OpenAIInstrumentor
from opentelemetry.instrumentation.genai.openai_agents import OpenAIAgentsInstrumentor

name = service.scenario()
if name.startswith("langgraph"):
    LangChainInstrumentor().instrument()
elif name.startswith("agents-sdk"):
    # Its own spans have no usage: they are for beside the spans of the calls.
    agents.set_trace_processors([])
    OpenAIAgentsInstrumentor().instrument()
    OpenAIInstrumentor().instrument()
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
