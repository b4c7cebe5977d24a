import type {
  OtlpAttribute,
  OtlpRequest,
  OtlpScopeSpans,
  OtlpSpan,
  OtlpValue,
} from "@spancost/receiver";
import type { Resource, Scope, Span } from "@spancost/records";

/**
 * Spans as the OTLP request they came from, as far as they were kept. Read again they are the same spans.
 */
export function toOtlp(spans: readonly Span[]): OtlpRequest {
  const byResource = new Map<Resource, Map<Scope, OtlpSpan[]>>();
  for (const span of spans) {
    const scopes = byResource.get(span.resource) ?? new Map<Scope, OtlpSpan[]>();
    byResource.set(span.resource, scopes);
    const list = scopes.get(span.scope) ?? [];
    scopes.set(span.scope, list);
    list.push(spanOf(span));
  }
  return {
    resourceSpans: [...byResource].map(([resource, scopes]) => ({
      resource: { attributes: attributesOf(resource.attributes) },
      scopeSpans: [...scopes].map(([scope, list]): OtlpScopeSpans => ({ scope, spans: list })),
    })),
  };
}

function spanOf(span: Span): OtlpSpan {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId !== undefined && { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: span.kind,
    startTimeUnixNano: nanos(span.startedAt),
    endTimeUnixNano: nanos(span.endedAt),
    attributes: attributesOf(span.attributes),
    events: span.eventNames.map((name) => ({ name })),
    ...(span.failed && { status: { code: 2 } }),
  };
}

function nanos(micros: number): string {
  return String(BigInt(micros) * 1000n);
}

function attributesOf(source: Span["attributes"]): OtlpAttribute[] {
  return [...source.keys()].map((key) => ({ key, value: otlpValue(source.get(key)) }));
}

function otlpValue(value: ReturnType<Span["attributes"]["get"]>): OtlpValue {
  switch (typeof value) {
    case "string":
      return { stringValue: value };
    case "boolean":
      return { boolValue: value };
    case "bigint":
      return { intValue: String(value) };
    case "number":
      return Number.isSafeInteger(value) ? { intValue: value } : { doubleValue: value };
    case "object":
      return { arrayValue: { values: value.map(otlpValue) } };
    case "undefined":
      return {};
  }
}
