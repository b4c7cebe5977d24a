import { ProtobufWriter } from "./protobuf-writer.ts";

/** The value of an attribute in OTLP/JSON. At most one key is set. */
export interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
  readonly kvlistValue?: { readonly values?: readonly OtlpAttribute[] };
  /** In base64. */
  readonly bytesValue?: string;
}

export interface OtlpAttribute {
  readonly key: string;
  readonly value?: OtlpValue;
}

/** A span in OTLP/JSON: ids in hex, times in nanoseconds as decimal digits. */
export interface OtlpSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly attributes?: readonly OtlpAttribute[];
  readonly events?: readonly { readonly name?: string; readonly timeUnixNano?: string }[];
  readonly status?: { readonly code?: number; readonly message?: string };
}

export interface OtlpScopeSpans {
  readonly scope?: { readonly name?: string; readonly version?: string };
  readonly spans?: readonly OtlpSpan[];
}

export interface OtlpResourceSpans {
  readonly resource?: { readonly attributes?: readonly OtlpAttribute[] };
  readonly scopeSpans?: readonly OtlpScopeSpans[];
}

/** `ExportTraceServiceRequest` in OTLP/JSON, as far as spancost reads it. */
export interface OtlpRequest {
  readonly resourceSpans?: readonly OtlpResourceSpans[];
}

/** The same request in protobuf. For generated data and tests; no service sends through it. */
export function encodeRequest(request: OtlpRequest): Uint8Array<ArrayBuffer> {
  const writer = new ProtobufWriter();
  for (const resourceSpans of request.resourceSpans ?? []) {
    writer.message(1, (message) => writeResourceSpans(message, resourceSpans));
  }
  return writer.finish();
}

function writeResourceSpans(writer: ProtobufWriter, resourceSpans: OtlpResourceSpans): void {
  const { resource, scopeSpans } = resourceSpans;
  if (resource !== undefined) {
    writer.message(1, (message) => writeAttributes(message, 1, resource.attributes));
  }
  for (const list of scopeSpans ?? [])
    writer.message(2, (message) => writeScopeSpans(message, list));
}

function writeScopeSpans(writer: ProtobufWriter, { scope, spans }: OtlpScopeSpans): void {
  if (scope !== undefined) {
    writer.message(1, (message) => {
      if (scope.name !== undefined) message.text(1, scope.name);
      if (scope.version !== undefined) message.text(2, scope.version);
    });
  }
  for (const span of spans ?? []) writer.message(2, (message) => writeSpan(message, span));
}

function writeSpan(writer: ProtobufWriter, span: OtlpSpan): void {
  if (span.traceId !== undefined) writer.bytes(1, Buffer.from(span.traceId, "hex"));
  if (span.spanId !== undefined) writer.bytes(2, Buffer.from(span.spanId, "hex"));
  if (span.parentSpanId !== undefined) writer.bytes(4, Buffer.from(span.parentSpanId, "hex"));
  if (span.name !== undefined) writer.text(5, span.name);
  if (span.kind !== undefined) writer.varint(6, span.kind);
  if (span.startTimeUnixNano !== undefined) writer.fixed64(7, BigInt(span.startTimeUnixNano));
  if (span.endTimeUnixNano !== undefined) writer.fixed64(8, BigInt(span.endTimeUnixNano));
  writeAttributes(writer, 9, span.attributes);
  for (const event of span.events ?? []) {
    writer.message(11, (message) => {
      if (event.timeUnixNano !== undefined) message.fixed64(1, BigInt(event.timeUnixNano));
      if (event.name !== undefined) message.text(2, event.name);
    });
  }
  const { status } = span;
  if (status === undefined) return;
  writer.message(15, (message) => {
    if (status.message !== undefined) message.text(2, status.message);
    if (status.code !== undefined) message.varint(3, status.code);
  });
}

function writeAttributes(
  writer: ProtobufWriter,
  field: number,
  attributes: readonly OtlpAttribute[] | undefined,
): void {
  for (const { key, value } of attributes ?? []) {
    writer.message(field, (message) => {
      message.text(1, key);
      if (value !== undefined) message.message(2, (inner) => writeValue(inner, value));
    });
  }
}

function writeValue(writer: ProtobufWriter, value: OtlpValue): void {
  const { arrayValue, kvlistValue } = value;
  if (value.stringValue !== undefined) writer.text(1, value.stringValue);
  if (value.boolValue !== undefined) writer.varint(2, Number(value.boolValue));
  if (value.intValue !== undefined) writer.varint(3, BigInt(value.intValue));
  if (value.doubleValue !== undefined) writer.double(4, value.doubleValue);
  if (value.bytesValue !== undefined) writer.bytes(7, Buffer.from(value.bytesValue, "base64"));
  if (arrayValue !== undefined) {
    writer.message(5, (message) => {
      for (const entry of arrayValue.values ?? []) {
        message.message(1, (inner) => writeValue(inner, entry));
      }
    });
  }
  if (kvlistValue !== undefined) {
    writer.message(6, (message) => writeAttributes(message, 1, kvlistValue.values));
  }
}
