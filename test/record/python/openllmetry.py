"""OpenLLMetry's Python instrumentations."""

import os

import service

# The Anthropic SDK would make spans of its own: those are recorded by anthropic-native.py.
os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

from opentelemetry.instrumentation.anthropic import AnthropicInstrumentor
from opentelemetry.instrumentation.bedrock import BedrockInstrumentor
from opentelemetry.instrumentation.openai import OpenAIInstrumentor

OpenAIInstrumentor().instrument()
AnthropicInstrumentor().instrument()
BedrockInstrumentor().instrument()

import anthropic_calls
import bedrock_calls
import openai_calls

every = {**openai_calls.SCENARIOS, **anthropic_calls.SCENARIOS, **bedrock_calls.SCENARIOS}
with service.request():
    every[service.scenario()]()
