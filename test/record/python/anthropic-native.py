"""The spans that the Anthropic SDK for Python makes itself, wherever there is a tracer provider."""

import service

service.start_tracing()
service.instrument_http()

import anthropic_calls

with service.request():
    anthropic_calls.SCENARIOS[service.scenario()]()
