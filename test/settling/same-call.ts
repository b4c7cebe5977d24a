import type { SpanFacts } from "@spancost/records";
import { type Place, scopeOf } from "./tree.ts";

/** Some emitters keep whole milliseconds. In microseconds. */
export const slack = 2000;

export function hasUsage(span: SpanFacts): boolean {
  return (span.usageQuality ?? "missing") !== "missing";
}

/** Call spans in groups that tell of one call each, and the call spans that only wrap others. */
export interface Groups {
  readonly groups: readonly (readonly SpanFacts[])[];
  readonly wrappers: ReadonlySet<SpanFacts>;
}

/**
 * Which call spans tell of the same call.
 *
 * Each begins alone; the best evidence joins first: one inside the other, then one answer id, then one time
 * and equal counts. What would bring two spans of one scope together is not joined.
 */
export function groupsOf(places: ReadonlyMap<string, Place>): Groups {
  const calls = [...places.values()].filter(({ span }) => span.node === "call");
  const wrappers = wrappersOf(calls);
  const rest = calls.filter(({ span }) => !wrappers.has(span));
  const spans = rest.map(({ span }) => span);
  const groupOf = new Map(spans.map((span) => [span, [span]]));
  joinBy([...nested(rest, wrappers), ...sameAnswer(spans)], groupOf);
  // A group that every scope of the trace tells of is complete.
  const scopes = new Set(spans.map(scopeOf)).size;
  const incomplete = spans.filter((span) => (groupOf.get(span)?.length ?? 0) < scopes);
  joinBy(sameTime(incomplete), groupOf);
  return { groups: [...new Set(groupOf.values())], wrappers };
}

function joinBy(evidence: readonly Pair[], groupOf: Map<SpanFacts, SpanFacts[]>): void {
  for (const [a, b] of evidence) {
    const [first, second] = [groupOf.get(a) ?? [], groupOf.get(b) ?? []];
    const joined = [...first, ...second];
    if (first === second || new Set(joined.map(scopeOf)).size < joined.length) continue;
    for (const span of joined) groupOf.set(span, joined);
  }
}

type Pair = readonly [SpanFacts, SpanFacts];

/** Of spans inside a call, those that say what it used. Where none does, all. */
function telling(inner: readonly SpanFacts[]): readonly SpanFacts[] {
  const withUsage = inner.filter(hasUsage);
  return withUsage.length > 0 ? withUsage : inner;
}

/** Of one scope inside `outer`, directly: no other call between. */
function innerByScope(
  calls: readonly Place[],
  outer: SpanFacts,
): readonly (readonly SpanFacts[])[] {
  const inner = calls.filter(
    ({ span, callsAround: [nearest] }) =>
      nearest === outer && scopeOf(span) !== scopeOf(outer) && embeds(span) === embeds(outer),
  );
  return Object.values(Object.groupBy(inner, ({ span }) => `:${scopeOf(span)}`)).map((places) =>
    telling((places ?? []).map(({ span }) => span)),
  );
}

function wrappersOf(calls: readonly Place[]): ReadonlySet<SpanFacts> {
  const wrappers = new Set<SpanFacts>();
  // Innermost first: what is around nothing but a wrapper is a wrapper too.
  for (const { span } of calls.toSorted((a, b) => b.depth - a.depth)) {
    const byScope = innerByScope(calls, span);
    const wraps =
      repeatsItsOwn(calls, span) ||
      byScope.some((inner) => inner.length > 1 && (inner.some(hasUsage) || !hasUsage(span))) ||
      tellsOfSeveral(byScope.flat().filter(hasUsage), span) ||
      byScope.flat().some((inner) => wrappers.has(inner));
    if (wraps) wrappers.add(span);
  }
  return wrappers;
}

/** It has no counts of its own, or those of one call of its scope inside it, or their sum. */
function repeatsItsOwn(calls: readonly Place[], outer: SpanFacts): boolean {
  const inner = telling(
    calls
      .filter(
        ({ span, callsAround }) =>
          callsAround.find((around) => scopeOf(around) === scopeOf(span)) === outer &&
          embeds(span) === embeds(outer),
      )
      .map(({ span }) => span),
  );
  if (inner.length === 0) return false;
  return (
    !hasUsage(outer) ||
    inner.some((span) => sameCounts(span, outer)) ||
    sameCounts(
      {
        inputTokens: sum(inner.map(({ inputTokens }) => inputTokens)),
        outputTokens: sum(inner.map(({ outputTokens }) => outputTokens)),
      },
      outer,
    )
  );
}

/** Two of them have no instant in common: they are different calls, unless each has the counts of the outer one. */
function tellsOfSeveral(spans: readonly SpanFacts[], outer: SpanFacts): boolean {
  if (spans.every((span) => sameCounts(span, outer))) return false;
  const lastStart = Math.max(...spans.map(({ startedAt }) => startedAt));
  const firstEnd = Math.min(...spans.map(({ endedAt }) => endedAt));
  return lastStart > firstEnd + slack;
}

interface Counts {
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
}

function sameCounts(a: Counts, b: Counts): boolean {
  return (
    a.inputTokens !== undefined &&
    a.outputTokens !== undefined &&
    a.inputTokens === b.inputTokens &&
    a.outputTokens === b.outputTokens
  );
}

function sum(counts: readonly (number | undefined)[]): number | undefined {
  const known = counts.filter((count) => count !== undefined);
  return known.length === 0 ? undefined : known.reduce((total, count) => total + count, 0);
}

/** An embedding tells of no chat, nor a chat of an embedding. */
function embeds({ operation }: SpanFacts): boolean {
  return operation === "embeddings";
}

/** Neither names a model that the other contradicts. The names of these traces have no versions. */
function mayBeOneModel(a: SpanFacts, b: SpanFacts): boolean {
  const [names, others] = [a, b].map(({ requestModel, responseModel }) =>
    [requestModel, responseModel].filter((name) => name !== undefined),
  ) as [string[], string[]];
  return names.length === 0 || others.length === 0 || names.some((name) => others.includes(name));
}

function distance(a: SpanFacts, b: SpanFacts): number {
  return Math.abs(a.startedAt - b.startedAt) + Math.abs(a.endedAt - b.endedAt);
}

interface Evidence {
  readonly pair: Pair;
  /** Less is better; of equals the lesser ids. */
  readonly order: readonly number[];
}

function inOrder(evidence: readonly Evidence[]): readonly Pair[] {
  return evidence
    .toSorted((x, y) => {
      for (const [index, value] of x.order.entries()) {
        if (value !== y.order[index]) return value - (y.order[index] ?? 0);
      }
      return (
        x.pair[0].spanId.localeCompare(y.pair[0].spanId) ||
        x.pair[1].spanId.localeCompare(y.pair[1].spanId)
      );
    })
    .map(({ pair }) => pair);
}

function nested(calls: readonly Place[], wrappers: ReadonlySet<SpanFacts>): readonly Pair[] {
  const depths = new Map(calls.map(({ span, depth }) => [span, depth]));
  const evidence = calls.flatMap(({ span: outer }) =>
    innerByScope(calls, outer)
      .flat()
      .filter((inner) => !wrappers.has(inner))
      .map((inner): Evidence => {
        const failed = Number(inner.failed && !hasUsage(inner));
        const unequal = Number(!sameCounts(outer, inner));
        const depth = depths.get(inner) ?? 0;
        return { pair: [outer, inner], order: [failed, unequal, depth, distance(outer, inner)] };
      }),
  );
  return inOrder(evidence);
}

/** An id that one scope tells twice was replayed by a cache: it proves nothing. */
function sameAnswer(spans: readonly SpanFacts[]): readonly Pair[] {
  const answers = Object.groupBy(
    spans.filter(({ responseId }) => responseId !== undefined),
    ({ responseId }) => responseId ?? "",
  );
  const evidence = Object.values(answers).flatMap((told = []) => {
    if (new Set(told.map(scopeOf)).size < told.length) return [];
    const [first, ...others] = told.toSorted((a, b) => a.spanId.localeCompare(b.spanId));
    return others.map((other): Evidence => {
      const pair: Pair = [first as SpanFacts, other];
      return { pair, order: [distance(...pair)] };
    });
  });
  return inOrder(evidence);
}

/** `note` is too short for a call, and `ended` has just ended. */
function isNote(ended: SpanFacts, note: SpanFacts): boolean {
  return note.endedAt <= note.startedAt + 1000 && ended.endedAt >= note.startedAt - 1_000_000;
}

/** Different scopes, one time inside the other or a note after the other, equal counts. */
function sameTime(spans: readonly SpanFacts[]): readonly Pair[] {
  const turns = turnsOf(spans);
  const within = (inner: SpanFacts, outer: SpanFacts) =>
    inner.endedAt <= outer.endedAt + slack &&
    (inner.startedAt >= outer.startedAt - slack || isNote(inner, outer));
  const evidence = spans.flatMap((a) =>
    spans
      .filter(
        (b) =>
          a.spanId < b.spanId &&
          scopeOf(a) !== scopeOf(b) &&
          sameCounts(a, b) &&
          embeds(a) === embeds(b) &&
          mayBeOneModel(a, b) &&
          (a.inputTokens ?? 0) + (a.outputTokens ?? 0) > 0 &&
          (within(a, b) || within(b, a)),
      )
      .map((b): Evidence => {
        const outOfTurn = Math.abs((turns.get(a) ?? 0) - (turns.get(b) ?? 0));
        return { pair: [a, b], order: [distance(a, b), outOfTurn] };
      }),
  );
  return inOrder(evidence);
}

/** Of twins that ran at the same time, the first of one scope belongs to the first of the other. */
function turnsOf(spans: readonly SpanFacts[]): ReadonlyMap<SpanFacts, number> {
  const alike = Object.groupBy(spans, (span) =>
    JSON.stringify([scopeOf(span), span.inputTokens, span.outputTokens]),
  );
  return new Map(
    Object.values(alike).flatMap((twins = []) =>
      twins.toSorted(byTime).map((span, index) => [span, index] as const),
    ),
  );
}

export function byTime(a: SpanFacts, b: SpanFacts): number {
  return a.startedAt - b.startedAt || a.endedAt - b.endedAt || a.spanId.localeCompare(b.spanId);
}
