import type { SpanFacts } from "@spancost/records";

/**
 * The facts of one request's spans, asked for in the order of the request.
 *
 * They mostly come in that order too. Where they do not, for some are missing, they are found by their ids.
 */
export class FactsInOrder {
  readonly #facts: readonly SpanFacts[];
  #next = 0;
  #byId: Map<string, SpanFacts> | undefined;

  constructor(facts: readonly SpanFacts[]) {
    this.#facts = facts;
  }

  /** The facts of a span by its ids in hex; `undefined` where there are none. */
  of(traceId: string, spanId: string): SpanFacts | undefined {
    const expected = this.#facts[this.#next];
    if (expected !== undefined && expected.spanId === spanId && expected.traceId === traceId) {
      this.#next += 1;
      return expected;
    }
    this.#byId ??= new Map(this.#facts.map((facts) => [facts.traceId + facts.spanId, facts]));
    return this.#byId.get(traceId + spanId);
  }
}
