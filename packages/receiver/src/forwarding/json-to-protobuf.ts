import { enumOf, type JsonObject, textOf } from "../json-values.ts";
import { parseJson } from "../parse-json.ts";
import { bytesTag } from "../protobuf-reader.ts";
import { writeAttributes } from "./json-values-to-protobuf.ts";
import type { MessageWriter } from "./message-writer.ts";
import { asList, asObject, nanosOf, smallOf } from "./otlp-json.ts";

const kinds = ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"];
const statusCodes = ["UNSET", "OK", "ERROR"];

/**
 * OTLP/JSON in protobuf, with all fields that OTLP 1.10 has; others are left out.
 *
 * So that there is one way to change spans, to strip them and to send them, and so that long integers stay exact.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 * @throws DecodeError where `body` is no JSON
 */
export function jsonToProtobuf(body: Uint8Array, writer: MessageWriter): void {
  const request = asObject(parseJson(body));
  for (const entry of asList(request?.["resourceSpans"])) {
    const resourceSpans = asObject(entry);
    if (resourceSpans === undefined) continue;
    message(writer, 1, () => {
      writeResource(writer, asObject(resourceSpans["resource"]));
      for (const list of asList(resourceSpans["scopeSpans"])) {
        const scopeSpans = asObject(list);
        if (scopeSpans !== undefined) message(writer, 2, () => writeScopeSpans(writer, scopeSpans));
      }
      writeText(writer, 3, resourceSpans["schemaUrl"]);
    });
  }
}

function writeResource(writer: MessageWriter, resource: JsonObject | undefined): void {
  if (resource === undefined) return;
  message(writer, 1, () => {
    writeAttributes(writer, 1, resource["attributes"], 0);
    writeCount(writer, 2, resource["droppedAttributesCount"]);
    for (const entry of asList(resource["entityRefs"])) {
      const entity = asObject(entry);
      if (entity === undefined) continue;
      message(writer, 3, () => {
        writeText(writer, 1, entity["schemaUrl"]);
        writeText(writer, 2, entity["type"]);
        for (const key of asList(entity["idKeys"])) writeText(writer, 3, key);
        for (const key of asList(entity["descriptionKeys"])) writeText(writer, 4, key);
      });
    }
  });
}

function writeScopeSpans(writer: MessageWriter, scopeSpans: JsonObject): void {
  const scope = asObject(scopeSpans["scope"]);
  if (scope !== undefined) {
    message(writer, 1, () => {
      writeText(writer, 1, scope["name"]);
      writeText(writer, 2, scope["version"]);
      writeAttributes(writer, 3, scope["attributes"], 0);
      writeCount(writer, 4, scope["droppedAttributesCount"]);
    });
  }
  for (const entry of asList(scopeSpans["spans"])) {
    const span = asObject(entry);
    if (span !== undefined) message(writer, 2, () => writeSpan(writer, span));
  }
  writeText(writer, 3, scopeSpans["schemaUrl"]);
}

function writeSpan(writer: MessageWriter, span: JsonObject): void {
  writeId(writer, 1, span["traceId"]);
  writeId(writer, 2, span["spanId"]);
  writeText(writer, 3, span["traceState"]);
  writeId(writer, 4, span["parentSpanId"]);
  writeText(writer, 5, span["name"]);
  writeNonZero(writer, 6, enumOf(span["kind"], kinds, "SPAN_KIND_"));
  writeNanos(writer, 7, span["startTimeUnixNano"]);
  writeNanos(writer, 8, span["endTimeUnixNano"]);
  writeAttributes(writer, 9, span["attributes"], 0);
  writeCount(writer, 10, span["droppedAttributesCount"]);
  for (const entry of asList(span["events"])) {
    const event = asObject(entry);
    if (event !== undefined) message(writer, 11, () => writeEvent(writer, event));
  }
  writeCount(writer, 12, span["droppedEventsCount"]);
  for (const entry of asList(span["links"])) {
    const link = asObject(entry);
    if (link !== undefined) message(writer, 13, () => writeLink(writer, link));
  }
  writeCount(writer, 14, span["droppedLinksCount"]);
  const status = asObject(span["status"]);
  if (status !== undefined) {
    message(writer, 15, () => {
      writeText(writer, 2, status["message"]);
      writeNonZero(writer, 3, enumOf(status["code"], statusCodes, "STATUS_CODE_"));
    });
  }
  writeFlags(writer, 16, span["flags"]);
}

function writeEvent(writer: MessageWriter, event: JsonObject): void {
  writeNanos(writer, 1, event["timeUnixNano"]);
  writeText(writer, 2, event["name"]);
  writeAttributes(writer, 3, event["attributes"], 0);
  writeCount(writer, 4, event["droppedAttributesCount"]);
}

function writeLink(writer: MessageWriter, link: JsonObject): void {
  writeId(writer, 1, link["traceId"]);
  writeId(writer, 2, link["spanId"]);
  writeText(writer, 3, link["traceState"]);
  writeAttributes(writer, 4, link["attributes"], 0);
  writeCount(writer, 5, link["droppedAttributesCount"]);
  writeFlags(writer, 6, link["flags"]);
}

function message(writer: MessageWriter, field: number, write: () => void): void {
  writer.open(bytesTag(field));
  write();
  writer.close();
}

function writeText(writer: MessageWriter, field: number, value: unknown): void {
  const text = textOf(value);
  if (text !== "") writer.text(field, text);
}

/** What is not hex gives an id of another length, which is refused as the receiver refuses it. */
function writeId(writer: MessageWriter, field: number, value: unknown): void {
  const hex = textOf(value);
  if (hex !== "") writer.bytes(field, Buffer.from(hex, "hex"));
}

function writeNanos(writer: MessageWriter, field: number, value: unknown): void {
  const nanos = nanosOf(value);
  if (nanos !== 0n) writer.fixed64(field, nanos);
}

function writeCount(writer: MessageWriter, field: number, value: unknown): void {
  writeNonZero(writer, field, smallOf(value));
}

function writeFlags(writer: MessageWriter, field: number, value: unknown): void {
  const flags = smallOf(value);
  if (flags !== 0) writer.fixed32(field, flags);
}

function writeNonZero(writer: MessageWriter, field: number, value: number): void {
  if (value !== 0) writer.varint(field, value);
}
