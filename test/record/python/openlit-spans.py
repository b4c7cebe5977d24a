"""OpenLIT for Python."""

import os

import service

os.environ["ANTHROPIC_OPEN_TELEMETRY"] = "false"
service.start_tracing()
service.instrument_http()

import openlit

openlit.init(service_name="support-api", disable_metrics=True)

import anthropic_calls
import openai_calls

every = {**openai_calls.SCENARIOS, **anthropic_calls.SCENARIOS}
with service.request():
    every[service.scenario()]()
