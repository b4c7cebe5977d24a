import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { Span } from "@spancost/records";

/** A decoded span as an SDK hands it to processors: the same facts in the SDK's shape. */
export function asSdkSpan(span: Span) {
  const attributes: Attributes = {};
  for (const key of span.attributes.keys()) {
    attributes[key] = span.attributes.get(key) as AttributeValue;
  }
  const resource: Record<string, unknown> = {};
  for (const key of span.resource.attributes.keys()) {
    resource[key] = span.resource.attributes.get(key);
  }
  return {
    name: span.name,
    kind: span.kind - 1,
    startTime: hrTime(span.startedAt),
    endTime: hrTime(span.endedAt),
    status: { code: span.failed ? 2 : 0 },
    attributes,
    events: span.eventNames.map((name) => ({ name })),
    resource: { attributes: resource },
    instrumentationScope: { name: span.scope.name, version: span.scope.version },
    spanContext: () => ({ traceId: span.traceId, spanId: span.spanId, traceFlags: 1 }),
  };
}

function hrTime(micros: number): [number, number] {
  return [Math.floor(micros / 1e6), (micros % 1e6) * 1000];
}
