import type { JsonObject } from "./attributes.ts";
import type { RawCounts, UsageKeys, UsageMeaning } from "./read-usage.ts";
import type { SpanNode, UsageIssue } from "./reading.ts";
import type { SpanView } from "./span-view.ts";
import type { UsageQuality } from "./usage.ts";

/**
 * How one emitter writes its spans. One file per dialect; `dialects.ts` says which scope speaks which.
 *
 * Only what differs from the conventions needs to be given.
 */
export interface Dialect {
  /** Stable name, stored in `cost_records.dialect`. */
  readonly id: string;
  /** Every attribute that this dialect looks at beyond the conventions' own. */
  readonly reads: readonly string[];
  /** What the span is. */
  node(span: SpanView): SpanNode;
  /**
   * What to call the span where this emitter puts what people wrote into its name; `undefined` where the name is none of
   * that. Names go wherever spans go: they are shown, stored and sent on.
   */
  name?(span: SpanView): string | undefined;
  /** Whether spans that are neither above nor below this one tell of the same usage: of this one it is nobody's. */
  repeats?(span: SpanView): boolean;
  /** What the counts mean; a function where it depends on the provider or the emitter's version. */
  meaning(span: SpanView): UsageMeaning;
  /** Where the counts stand, if not under the conventions' keys. */
  readonly keys?: Partial<UsageKeys>;
  /** Counts that stand inside JSON, for those that are under no key of their own. */
  counts?(span: SpanView): Partial<RawCounts>;
  /** Facts of a call that stand under other names. What is `undefined` is looked up as in the conventions. */
  facts?(span: SpanView): Partial<CallFacts>;
  /** What this emitter is known to get wrong on a span such as this. */
  doubts?(span: SpanView, raw: RawCounts): Doubts;
}

export interface CallFacts {
  readonly operation: string | undefined;
  readonly provider: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  readonly responseId: string | undefined;
  readonly serviceTier: string | undefined;
  readonly agent: string | undefined;
  readonly tool: string | undefined;
  readonly retryCount: number | undefined;
  readonly reportedCostUsd: number | undefined;
  readonly servedFromCache: boolean;
}

export interface Doubts {
  readonly quality?: UsageQuality;
  readonly issue?: UsageIssue | readonly UsageIssue[];
}

/** The convention's own meaning: caches in input, reasoning in output, and what is absent is unknown. */
export const inclusive: UsageMeaning = {
  inputIncludesCache: true,
  outputIncludesReasoning: true,
  absent: { cacheRead: "unknown", cacheWrite: "unknown", reasoning: "unknown" },
  total: "own sum",
};

/** As `inclusive`, of an emitter that leaves counts of zero out. */
export const inclusiveSparse: UsageMeaning = {
  ...inclusive,
  absent: { cacheRead: "zero", cacheWrite: "zero", reasoning: "zero" },
};

/**
 * What to think of an input that leaves caches out where the span does not say how many there were: it is a lower
 * bound. Of models that know no caching it is exact, but the span does not tell which those are.
 */
export function lowerBoundWithoutCaches(raw: RawCounts): Doubts {
  return raw.cacheRead === undefined && raw.cacheWrite === undefined
    ? { quality: "partial", issue: "input_excludes_cache" }
    : {};
}

/** `names` looked up one inside the other: a member of a member of a JSON object. Of anything else, `undefined`. */
export function member(object: unknown, ...names: readonly string[]): unknown {
  let value = object;
  for (const name of names) {
    if (typeof value !== "object" || value === null) return undefined;
    value = Object.hasOwn(value, name) ? (value as JsonObject)[name] : undefined;
  }
  return value ?? undefined;
}

/** A member that is a text. */
export function textMember(
  object: JsonObject | undefined,
  ...names: readonly string[]
): string | undefined {
  const value = member(object, ...names);
  return typeof value === "string" && value !== "" ? value : undefined;
}
