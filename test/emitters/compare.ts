import type { Attempt, CostRow, Truth } from "./captures.ts";
import { type FactName, isLost } from "./losses.ts";

/** One fact of a capture: what was billed, what spancost says, and whether that is right. */
export interface Fact {
  readonly name: FactName;
  readonly truth: number;
  /** `undefined`: at least one record says that it does not know. */
  readonly found: number | undefined;
  readonly verdict: "right" | "unknown" | "wrong";
}

interface Rule {
  readonly name: FactName;
  readonly column: string;
  /** `undefined`: the model server did not note it. */
  truth(truth: Truth): number | undefined;
}

const rules: readonly Rule[] = [
  { name: "input", column: "input_tokens", truth: (t) => t.input_tokens_total },
  { name: "cached", column: "cache_read_tokens", truth: (t) => t.cached_input_tokens },
  { name: "cache write", column: "cache_write_tokens", truth: (t) => t.cache_write_tokens },
  { name: "1 h write", column: "cache_write_1h_tokens", truth: (t) => t.cache_write_1h_tokens },
  { name: "output", column: "output_tokens", truth: (t) => t.output_tokens },
  { name: "reasoning", column: "reasoning_tokens", truth: (t) => t.reasoning_tokens },
  { name: "audio in", column: "input_audio_tokens", truth: (t) => t.input_audio_tokens },
  { name: "audio out", column: "output_audio_tokens", truth: (t) => t.output_audio_tokens },
  { name: "searches", column: "web_searches", truth: (t) => t.web_searches },
];

/** All facts of a capture beside the truth. A fact may be unknown only where the emitter lost it or it is 0. */
export function factsOf(capture: string, truth: Truth, rows: readonly CostRow[]): readonly Fact[] {
  const calls: Fact = {
    name: "calls",
    truth: truth.billable_calls,
    found: rows.length,
    verdict: rows.length === truth.billable_calls ? "right" : "wrong",
  };
  return [calls, ...rules.flatMap((rule) => factOf(rule, capture, truth, rows) ?? [])];
}

function factOf(
  rule: Rule,
  capture: string,
  truth: Truth,
  rows: readonly CostRow[],
): Fact | undefined {
  const expected = rule.truth(truth);
  if (expected === undefined) return undefined;
  const known = rows.map((row) => row[rule.column]).filter((value) => typeof value === "number");
  const sum = known.reduce((total, value) => total + value, 0);
  const complete = known.length === rows.length;
  const mayBeUnknown = expected === 0 || isLost(capture, rule.name);
  let verdict: Fact["verdict"] = "wrong";
  if (sum === expected && (complete || expected > 0)) verdict = "right";
  else if (!complete && mayBeUnknown) verdict = "unknown";
  return { name: rule.name, truth: expected, found: complete ? sum : undefined, verdict };
}

/** For each answer of the model server, in order: how many attempts had failed since the answer before it. */
export function retriesByAnswer(truth: Truth): readonly number[] {
  const attempts: readonly Attempt[] = [...(truth.calls ?? [])].sort((a, b) => a.t - b.t);
  const retries: number[] = [];
  let failed = 0;
  for (const { status } of attempts) {
    if (status === 200) retries.push(failed);
    failed = status === 200 ? 0 : failed + 1;
  }
  return retries;
}
