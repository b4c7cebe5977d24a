"""The service that every recorded program pretends to be: its resource, its exporter, its request."""

import os
import sys
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

MODEL_SERVER = os.environ["MODEL_SERVER"]
OPENAI_URL = f"{MODEL_SERVER}/v1"
KEY = "sk-planned"
MODEL = "gpt-5-mini"
CLAUDE = "claude-sonnet-4-5"
BEDROCK_CLAUDE = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"

QUESTION = "What is the weather?"
SYSTEM = "You answer questions about the weather."

os.environ.update(
    OPENAI_API_KEY=KEY,
    OPENAI_BASE_URL=OPENAI_URL,
    ANTHROPIC_API_KEY=KEY,
    ANTHROPIC_BASE_URL=MODEL_SERVER,
    AWS_ACCESS_KEY_ID="planned",
    AWS_SECRET_ACCESS_KEY="planned",
    AWS_REGION="us-east-1",
    AWS_DEFAULT_REGION="us-east-1",
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME=MODEL_SERVER,
    AWS_BEDROCK_RUNTIME_ENDPOINT=MODEL_SERVER,
)


def scenario() -> str:
    return sys.argv[1]


def start_tracing() -> TracerProvider:
    resource = Resource.create(
        {
            "service.name": "support-api",
            "service.version": "1.42.0",
            "deployment.environment.name": "prod",
        }
    )
    provider = TracerProvider(resource=resource)
    # One body with everything in it: nothing is sent before the end.
    provider.add_span_processor(
        BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=600_000, max_export_batch_size=512)
    )
    trace.set_tracer_provider(provider)
    return provider


def instrument_http() -> None:
    """Attempts are seen as HTTP spans, with whichever of the two clients the SDK uses."""
    from opentelemetry.instrumentation import httpx as instrumentation

    for name in ("HTTPXClientInstrumentor", "HTTPX2ClientInstrumentor"):
        instrumentor = getattr(instrumentation, name, None)
        if instrumentor is not None:
            instrumentor().instrument()


@contextmanager
def request(feature: str = "weather"):
    """One request to the service, with the feature that it belongs to. Errors end here, as in a framework."""
    provider = trace.get_tracer_provider()
    tracer = trace.get_tracer("support-api")
    attributes = {
        "http.request.method": "POST",
        "http.route": "/answer",
        "app.feature": feature,
        "user.id": "u-1",
    }
    try:
        with tracer.start_as_current_span(
            "POST /answer", kind=trace.SpanKind.SERVER, attributes=attributes
        ):
            yield
    except Exception as error:  # the service would answer 500
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
    finally:
        provider.force_flush()
