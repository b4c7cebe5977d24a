import type { AttributeSource } from "@spancost/semconv";
import type { SpanId, TraceId } from "./ids.ts";
import type { UnixMicros } from "./time.ts";

/** What sent the span: the service. One object is shared by all spans of an OTLP `ResourceSpans`. */
export interface Resource {
  readonly attributes: AttributeSource;
}

/** What made the span: the instrumentation library. Shared by all spans of an OTLP `ScopeSpans`. */
export interface Scope {
  readonly name: string;
  readonly version: string;
}

/** A span as it came in, decoded and checked; nothing is interpreted yet. */
export interface Span {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | undefined;
  readonly name: string;
  /** One of `SpanKind` in @spancost/semconv. */
  readonly kind: number;
  /** OTLP status code is 2. The status message may hold content and is not read. */
  readonly failed: boolean;
  readonly startedAt: UnixMicros;
  readonly endedAt: UnixMicros;
  readonly attributes: AttributeSource;
  /** Names of the span's events, in order. */
  readonly eventNames: readonly string[];
  readonly scope: Scope;
  readonly resource: Resource;
}
