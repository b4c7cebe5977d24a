import type { Resource, Scope, Span, SpanId, TraceId, UnixMicros } from "@spancost/records";
import type { WireAttributes } from "./wire-attributes.ts";

export const noScope: Scope = { name: "", version: "" };
export const noEvents: readonly string[] = [];

/** The span that is being read. One object serves all spans of a decoder, one after the other. */
export class WireSpan implements Span {
  traceId = "" as TraceId;
  spanId = "" as SpanId;
  parentSpanId: SpanId | undefined = undefined;
  name = "";
  kind = 0;
  failed = false;
  startedAt = 0 as UnixMicros;
  endedAt = 0 as UnixMicros;
  eventNames = noEvents;
  scope = noScope;
  resource: Resource;
  readonly attributes: WireAttributes;

  constructor(attributes: WireAttributes) {
    this.attributes = attributes;
    this.resource = { attributes };
  }
}
