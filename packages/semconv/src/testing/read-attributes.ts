import { keepAttribute } from "../keep-attribute.ts";
import { readSpan } from "../read-span.ts";
import type { SpanReading } from "../reading.ts";
import { type AttributeValue, SpanKind, type SpanView } from "../span-view.ts";

/** What is read of a span with those of the attributes that are kept; internal, of a scope without a version. */
export function readAttributes(
  scopeName: string,
  attributes: Readonly<Record<string, AttributeValue>>,
  more: Partial<SpanView> = {},
): SpanReading {
  return readSpan({
    name: "chat",
    kind: SpanKind.internal,
    failed: false,
    scopeName,
    scopeVersion: "",
    attributes: new Map(Object.entries(attributes).filter(([key]) => keepAttribute(key))),
    resource: new Map(),
    eventNames: [],
    ...more,
  });
}
