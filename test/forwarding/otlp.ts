import { readFileSync } from "node:fs";
import protobufjs from "protobufjs";

/** A request as protobufjs reads it: ids and other bytes in base64, 64-bit numbers as text. */
export interface DecodedRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly DecodedAttribute[] };
    readonly scopeSpans?: readonly {
      readonly scope?: { readonly attributes?: readonly DecodedAttribute[] };
      readonly spans?: readonly DecodedSpan[];
    }[];
  }[];
}

export interface DecodedSpan {
  traceId: string;
  spanId: string;
  attributes?: DecodedAttribute[];
  events?: { name?: string; attributes?: DecodedAttribute[] }[];
  links?: { attributes?: DecodedAttribute[] }[];
  status?: { message?: string; code?: string };
}

export interface DecodedAttribute {
  readonly key: string;
  readonly value?: DecodedValue;
}

export type DecodedValue = Readonly<Record<string, unknown>>;

const schema = protobufjs.parse(
  readFileSync(new URL("../bench/otlp.proto", import.meta.url), "utf8"),
);
const requestType = schema.root.lookupType("otlp.ExportTraceServiceRequest");

/** Reads a request with a decoder that is made from the schema, and throws where it is no valid one. */
export function decode(bytes: Uint8Array): DecodedRequest {
  return requestType.toObject(requestType.decode(bytes), {
    longs: String,
    bytes: String,
    enums: String,
  });
}

/** Writes what `decode` gave, or what a test made of it. */
export function encode(request: DecodedRequest): Buffer {
  return Buffer.from(requestType.encode(requestType.fromObject(request)).finish());
}

/** All spans of a request, in its order. */
export function spansOf(request: DecodedRequest): DecodedSpan[] {
  return (request.resourceSpans ?? []).flatMap((resource) =>
    (resource.scopeSpans ?? []).flatMap((scope) => [...(scope.spans ?? [])]),
  );
}

/** The values of an attribute of a span, as often as it is there. */
export function valuesOf(span: DecodedSpan, key: string): unknown[] {
  return (span.attributes ?? [])
    .filter((attribute) => attribute.key === key)
    .map(({ value }) => Object.values(value ?? {})[0]);
}
