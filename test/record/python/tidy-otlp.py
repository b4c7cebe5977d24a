"""Writes a recorded OTLP request anew, as protobuf and as OTLP/JSON, without stack traces and this machine's files.

Uses the official messages, so that what is tested against it was not written by what is tested.
"""

import base64
import json
import sys

from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDS = {"traceId", "spanId", "parentSpanId"}
OF_THIS_MACHINE = ("/site-packages/", "/lib/python", "node_modules/", "file://")


def without_paths(attributes):
    kept = [
        attribute
        for attribute in attributes
        if not any(path in attribute.value.string_value for path in OF_THIS_MACHINE)
    ]
    del attributes[:]
    attributes.extend(kept)


def with_hex_ids(value):
    if isinstance(value, list):
        return [with_hex_ids(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64decode(entry).hex() if key in IDS else with_hex_ids(entry)
        for key, entry in value.items()
    }


def once(spans, seen):
    """Each span once: one that has two exporters is sent by both."""
    kept = []
    for span in spans:
        if (span.trace_id, span.span_id) not in seen:
            seen.add((span.trace_id, span.span_id))
            kept.append(span)
    del spans[:]
    spans.extend(kept)


[_, path] = sys.argv
sent = set()
with open(path, "rb") as file:
    request = ExportTraceServiceRequest.FromString(file.read())
for resource_spans in request.resource_spans:
    resource = resource_spans.resource
    kept = [one for one in resource.attributes if not one.key.startswith(("process.", "host."))]
    del resource.attributes[:]
    resource.attributes.extend(kept)
    for scope_spans in resource_spans.scope_spans:
        once(scope_spans.spans, sent)
        for span in scope_spans.spans:
            without_paths(span.attributes)
            if any(path in span.status.message for path in OF_THIS_MACHINE):
                span.status.message = ""
            for event in span.events:
                without_paths(event.attributes)
with open(path, "wb") as file:
    file.write(request.SerializeToString())
decoded = with_hex_ids(MessageToDict(request, use_integers_for_enums=True))
with open(path.removesuffix(".pb") + ".json", "w") as file:
    json.dump(decoded, file, indent=1)
