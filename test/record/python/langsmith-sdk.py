"""LangSmith's SDK for Python in its OpenTelemetry mode, around the `openai` package."""

import os

os.environ.update(
    LANGSMITH_TRACING="true",
    LANGSMITH_OTEL_ENABLED="true",
    LANGSMITH_OTEL_ONLY="true",
    LANGSMITH_API_KEY="planned",
)

import service

service.start_tracing()
service.instrument_http()

import langsmith
import openai
from langsmith.wrappers import wrap_openai

original = openai.OpenAI
openai.OpenAI = lambda: wrap_openai(original())

import openai_calls

with service.request():
    openai_calls.SCENARIOS[service.scenario()]()
    langsmith.Client().flush()
