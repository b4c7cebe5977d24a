"""Sends one span through a stock exporter, set up by nothing but the environment. Prints the trace id."""

import sys

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

exporter = GrpcExporter() if sys.argv[1] == "grpc" else HttpExporter()
provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(exporter))
with provider.get_tracer("openai", "1.2.0").start_as_current_span("chat gpt-5-mini") as span:
    span.set_attribute("gen_ai.operation.name", "chat")
    span.set_attribute("gen_ai.provider.name", "openai")
    span.set_attribute("gen_ai.request.model", "gpt-5-mini")
    span.set_attribute("gen_ai.usage.input_tokens", 1523)
    print(format(span.get_span_context().trace_id, "032x"))
provider.shutdown()
