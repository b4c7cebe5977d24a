"""The official instrumentation of Google's `google-genai` package."""

import service

service.start_tracing()
service.instrument_http()

from opentelemetry.instrumentation.google_genai import GoogleGenAiSdkInstrumentor

GoogleGenAiSdkInstrumentor().instrument()

import gemini_calls

with service.request():
    gemini_calls.SCENARIOS[service.scenario()]()
