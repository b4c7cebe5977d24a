"""Logfire's own integrations of the `openai` and `anthropic` packages."""

import os

import service

# Anthropic's own spans, which are on unless they are turned off.
os.environ.setdefault("ANTHROPIC_OPEN_TELEMETRY", "false")

import logfire

# It sends to the endpoint of the environment as well.
logfire.configure(send_to_logfire=False, service_name="support-api", service_version="1.42.0", console=False)
service.instrument_http()
logfire.instrument_openai()
logfire.instrument_anthropic()

import anthropic_calls
import openai_calls

every = {**openai_calls.SCENARIOS, **anthropic_calls.SCENARIOS}
with service.request():
    every[service.scenario()]()
logfire.force_flush()
