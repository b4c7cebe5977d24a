import type { SpanFacts, TraceId, UnixMicros } from "@spancost/records";

/** A trace that spans came of, and when the first and the last of them began. */
export interface ChangedTrace {
  readonly traceId: TraceId;
  readonly spans: number;
  readonly first: UnixMicros;
  readonly last: UnixMicros;
}

/** The traces that some spans are of. */
export class ChangedTraces {
  readonly #traces = new Map<
    TraceId,
    { -readonly [Key in keyof ChangedTrace]: ChangedTrace[Key] }
  >();

  get all(): readonly ChangedTrace[] {
    return [...this.#traces.values()];
  }

  count({ traceId, startedAt }: SpanFacts): void {
    this.add({ traceId, spans: 1, first: startedAt, last: startedAt });
  }

  add({ traceId, spans, first, last }: ChangedTrace): void {
    const trace = this.#traces.get(traceId);
    if (trace === undefined) {
      this.#traces.set(traceId, { traceId, spans, first, last });
      return;
    }
    trace.spans += spans;
    trace.first = Math.min(trace.first, first) as UnixMicros;
    trace.last = Math.max(trace.last, last) as UnixMicros;
  }
}
