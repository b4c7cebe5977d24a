import type { AttributeSource, AttributeValue } from "@spancost/semconv";
import type { Resource, Span } from "./span.ts";

/**
 * What a decoder makes of each span.
 *
 * `span` and what stands in its `attributes` are only there during the call: the next span takes their place. Its
 * `resource` and its `scope` stay as they are, and are shared by the spans that came with them.
 */
export type SpanReader<Row> = (span: Span) => Row;

/** A copy of `span` that stays. Spans that share a resource share it in their copies too. */
export function keepSpan(span: Span): Span {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.kind,
    failed: span.failed,
    startedAt: span.startedAt,
    endedAt: span.endedAt,
    attributes: copyOf(span.attributes),
    eventNames: span.eventNames,
    scope: span.scope,
    resource: keptResource(span.resource),
  };
}

const keptResources = new WeakMap<Resource, Resource>();

function keptResource(resource: Resource): Resource {
  const known = keptResources.get(resource);
  if (known !== undefined) return known;
  const kept = { attributes: copyOf(resource.attributes) };
  keptResources.set(resource, kept);
  return kept;
}

function copyOf(source: AttributeSource): ReadonlyMap<string, AttributeValue> {
  const copy = new Map<string, AttributeValue>();
  for (const key of source.keys()) {
    const value = source.get(key);
    if (value !== undefined) copy.set(key, value);
  }
  return copy;
}
