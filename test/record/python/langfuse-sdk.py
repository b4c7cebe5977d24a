"""Langfuse's SDK for Python: its wrapper around `openai`, sending to the sink as to Langfuse."""

import os

import service

os.environ.update(
    LANGFUSE_PUBLIC_KEY="pk-planned",
    LANGFUSE_SECRET_KEY="sk-planned",
    LANGFUSE_HOST=os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    LANGFUSE_BASE_URL=os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    LANGFUSE_RELEASE="1.42.0",
    LANGFUSE_TRACING_ENVIRONMENT="prod",
)

import langfuse
from langfuse.openai import openai  # replaces the functions of the package

import openai_calls

client = langfuse.get_client()
with client.start_as_current_observation(name="POST /answer", as_type="span"):
    try:
        openai_calls.SCENARIOS[service.scenario()]()
    except openai.OpenAIError as error:
        print(error)
client.flush()
