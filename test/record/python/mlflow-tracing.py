"""MLflow's own tracing: autologging of the `openai`, `anthropic`, `google-genai` and `boto3` packages.

Its spans are in traces of their own, or in the service's with MLFLOW_USE_DEFAULT_TRACER_PROVIDER=false.
"""

import os

# Of traces alone: its metrics fail with OpenTelemetry's SDK of this version, and the call with them.
os.environ.update(
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT=f"{os.environ.pop('OTEL_EXPORTER_OTLP_ENDPOINT')}/v1/traces",
    OTEL_EXPORTER_OTLP_TRACES_PROTOCOL="http/protobuf",
    OTEL_RESOURCE_ATTRIBUTES="service.name=support-api,service.version=1.42.0,deployment.environment.name=prod",
)

import service

service.start_tracing()
service.instrument_http()

if "TELLERS" in os.environ:
    import tellers

    tellers.instrument()

import mlflow

name = service.scenario()
if name.startswith("anthropic"):
    import anthropic_calls
    import mlflow.anthropic

    mlflow.anthropic.autolog()
    every = anthropic_calls.SCENARIOS
elif name.startswith("gemini"):
    import gemini_calls
    import mlflow.gemini

    mlflow.gemini.autolog()
    every = gemini_calls.SCENARIOS
elif name.startswith("bedrock"):
    import bedrock_calls
    import mlflow.bedrock

    mlflow.bedrock.autolog()
    every = bedrock_calls.SCENARIOS
else:
    import mlflow.openai
    import openai_calls

    mlflow.openai.autolog()
    every = openai_calls.SCENARIOS
# Its processors see a trace from its first span on.
mlflow.tracing.enable()


@mlflow.trace(name="answer", span_type="AGENT")
def answer():
    every[name]()


with service.request():
    answer()
