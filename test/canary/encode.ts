import { ProtobufWriter } from "../../packages/receiver/src/protobuf-writer.ts";
import type { AnyValue, Attribute, Request, Span } from "./traces.ts";

/**
 * A request in protobuf with all its fields, the ones too that spancost does not read.
 *
 * Source of the numbers: https://github.com/open-telemetry/opentelemetry-proto/tree/v1.9.0/opentelemetry/proto
 */
export function encodeAll(request: Request): Uint8Array {
  const writer = new ProtobufWriter();
  for (const { resource, scopeSpans, schemaUrl } of request.resourceSpans) {
    writer.message(1, (message) => {
      message.message(1, (inner) => writeAttributes(inner, 1, resource?.attributes));
      for (const { scope, spans, schemaUrl: scopeSchema } of scopeSpans ?? []) {
        message.message(2, (inner) => {
          inner.message(1, (its) => {
            its.text(1, scope?.name ?? "").text(2, scope?.version ?? "");
            writeAttributes(its, 3, scope?.attributes);
          });
          for (const span of spans ?? []) inner.message(2, (its) => writeSpan(its, span));
          if (scopeSchema !== undefined) inner.text(3, scopeSchema);
        });
      }
      if (schemaUrl !== undefined) message.text(3, schemaUrl);
    });
  }
  return writer.finish();
}

function writeSpan(writer: ProtobufWriter, span: Span): void {
  writer.bytes(1, Buffer.from(span.traceId, "hex")).bytes(2, Buffer.from(span.spanId, "hex"));
  if (span.traceState !== undefined) writer.text(3, span.traceState);
  if (span.parentSpanId) writer.bytes(4, Buffer.from(span.parentSpanId, "hex"));
  writer.text(5, span.name ?? "").varint(6, span.kind ?? 0);
  writer.fixed64(7, BigInt(span.startTimeUnixNano ?? 0));
  writer.fixed64(8, BigInt(span.endTimeUnixNano ?? 0));
  writeAttributes(writer, 9, span.attributes);
  for (const { name, timeUnixNano, attributes } of span.events ?? []) {
    writer.message(11, (event) => {
      event.fixed64(1, BigInt(timeUnixNano ?? 0)).text(2, name ?? "");
      writeAttributes(event, 3, attributes);
    });
  }
  for (const { traceId, spanId, traceState, attributes } of span.links ?? []) {
    writer.message(13, (link) => {
      link.bytes(1, Buffer.from(traceId, "hex")).bytes(2, Buffer.from(spanId, "hex"));
      link.text(3, traceState ?? "");
      writeAttributes(link, 4, attributes);
    });
  }
  const { code, message } = span.status ?? {};
  writer.message(15, (status) => status.text(2, message ?? "").varint(3, code ?? 0));
}

function writeAttributes(
  writer: ProtobufWriter,
  field: number,
  attributes: readonly Attribute[] = [],
): void {
  for (const { key, value } of attributes) {
    writer.message(field, (message) => {
      message.text(1, key).message(2, (inner) => writeValue(inner, value ?? {}));
    });
  }
}

function writeValue(writer: ProtobufWriter, value: AnyValue): void {
  if (value.stringValue !== undefined) writer.text(1, value.stringValue);
  if (value.boolValue !== undefined) writer.varint(2, Number(value.boolValue));
  if (value.intValue !== undefined) writer.varint(3, BigInt(value.intValue));
  if (value.doubleValue !== undefined) writer.double(4, value.doubleValue);
  if (value.bytesValue !== undefined) writer.bytes(7, Buffer.from(value.bytesValue, "base64"));
  if (value.arrayValue !== undefined) {
    writer.message(5, (list) => {
      for (const entry of value.arrayValue?.values ?? []) {
        list.message(1, (inner) => writeValue(inner, entry));
      }
    });
  }
  if (value.kvlistValue !== undefined) {
    writer.message(6, (list) => writeAttributes(list, 1, value.kvlistValue?.values));
  }
}
