"""Laminar's SDK, which instruments the clients by itself and has a tracer provider of its own."""

import os
import sys

import service

# It names the service by the program's path, once it is imported.
sys.argv[0] = "support-api"
from lmnr import Laminar

host, port = os.environ["OTEL_EXPORTER_OTLP_ENDPOINT"].rsplit(":", 1)
Laminar.initialize(project_api_key="planned", base_url=host, http_port=int(port), force_http=True)

import anthropic_calls
import openai_calls

with service.request():
    {**openai_calls.SCENARIOS, **anthropic_calls.SCENARIOS}[service.scenario()]()
Laminar.flush()
