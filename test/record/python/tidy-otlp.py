"""Writes a recorded OTLP request anew, as protobuf and as OTLP/JSON, without stack traces and this machine's files.

Uses the official messages, so that what is tested against it was not written by what is tested. With `--models-only` as
well without the spans that lead to no model, without events and without what is long: coding agents tell of every file they
open.
"""

import base64
import json
import re
import sys
import tempfile

from google.protobuf.json_format import MessageToDict, ParseDict
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

IDS = {"traceId", "spanId", "parentSpanId"}
OF_THIS_MACHINE = ("/site-packages/", "/lib/python", "node_modules/", "/$bunfs/", "file://", tempfile.gettempdir())
OF_MODELS = re.compile(r"usage|gen_ai|^ai[.]|^codex[.]|^tool_name$|^api[.]path$")
OF_CODE = ("code.", "thread.", "busy_ns", "idle_ns", "target")
LONG = 1_000


def sent_in(path):
    """The request in a file: protobuf, or OTLP/JSON with a request in each line."""
    with open(path, "rb") as file:
        body = file.read()
    if not body.startswith(b"{"):
        return ExportTraceServiceRequest.FromString(body)
    request = ExportTraceServiceRequest()
    for line in body.splitlines():
        request.MergeFrom(ParseDict(with_base64_ids(json.loads(line)), ExportTraceServiceRequest(), ignore_unknown_fields=True))
    return request


def with_base64_ids(value):
    if isinstance(value, list):
        return [with_base64_ids(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    return {
        key: base64.b64encode(bytes.fromhex(entry)).decode() if key in IDS else with_base64_ids(entry)
        for key, entry in value.items()
    }


def leading_to_models(spans):
    """Ids of the spans that tell of a model, and of those around them."""
    parents = {span.span_id: span.parent_span_id for span in spans}
    leading = set()
    for span in spans:
        if not any(OF_MODELS.search(attribute.key) for attribute in span.attributes):
            continue
        at = span.span_id
        while at in parents and at not in leading:
            leading.add(at)
            at = parents[at]
    return leading


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


[_, path, *options] = sys.argv
sent = set()
request = sent_in(path)
if "--models-only" in options:
    scopes = [scope for one in request.resource_spans for scope in one.scope_spans]
    leading = leading_to_models([span for scope in scopes for span in scope.spans])
    for scope in scopes:
        kept = [span for span in scope.spans if span.span_id in leading]
        del scope.spans[:]
        scope.spans.extend(kept)
        for span in scope.spans:
            del span.events[:]
            short = [
                one
                for one in span.attributes
                if one.value.ByteSize() < LONG and not one.key.startswith(OF_CODE)
            ]
            del span.attributes[:]
            span.attributes.extend(short)
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
