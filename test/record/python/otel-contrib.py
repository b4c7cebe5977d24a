"""The instrumentations of opentelemetry-python-contrib: `openai` (the one before the genai repository), Bedrock."""

import service

service.start_tracing()
service.instrument_http()

from opentelemetry.instrumentation.botocore import BotocoreInstrumentor
from opentelemetry.instrumentation.openai_v2 import OpenAIInstrumentor

BotocoreInstrumentor().instrument()
OpenAIInstrumentor().instrument()

import bedrock_calls
import openai_calls

every = {**openai_calls.SCENARIOS, **bedrock_calls.SCENARIOS}
with service.request():
    every[service.scenario()]()
