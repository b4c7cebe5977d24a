import { type CostRow, flagsOf, type Truth } from "./captures.ts";

/** One fact of a capture: what was billed, what spancost says, and whether that is right. */
export interface Fact {
  readonly name: string;
  readonly truth: number;
  /** `undefined`: at least one record says that it does not know. */
  readonly found: number | undefined;
  readonly verdict: "right" | "unknown" | "wrong";
}

interface Rule {
  readonly name: string;
  readonly column: string;
  truth(truth: Truth): number;
  /** The flag in expectation.json that says that the emitter does not send this fact. */
  readonly lost: RegExp;
}

const rules: readonly Rule[] = [
  {
    name: "input",
    column: "input_tokens",
    truth: (t) => t.input_tokens_total,
    lost: /USAGE_MISSING/,
  },
  {
    name: "cached",
    column: "cache_read_tokens",
    truth: (t) => t.cached_input_tokens,
    lost: /USAGE_MISSING|CACHED/,
  },
  {
    name: "cache write",
    column: "cache_write_tokens",
    truth: (t) => t.cache_write_tokens,
    lost: /USAGE_MISSING|CACHE_WRITE_LOST/,
  },
  {
    name: "1 h write",
    column: "cache_write_1h_tokens",
    truth: (t) => t.cache_write_1h_tokens,
    lost: /./,
  },
  { name: "output", column: "output_tokens", truth: (t) => t.output_tokens, lost: /USAGE_MISSING/ },
  {
    name: "reasoning",
    column: "reasoning_tokens",
    truth: (t) => t.reasoning_tokens,
    lost: /USAGE_MISSING|REASONING_LOST/,
  },
];

/** All facts of a capture beside the truth. A fact may be unknown only where the emitter lost it or it is 0. */
export function factsOf(capture: string, truth: Truth, rows: readonly CostRow[]): readonly Fact[] {
  const calls: Fact = {
    name: "calls",
    truth: truth.billable_calls,
    found: rows.length,
    verdict: rows.length === truth.billable_calls ? "right" : "wrong",
  };
  return [calls, ...rules.map((rule) => factOf(rule, capture, truth, rows))];
}

function factOf(rule: Rule, capture: string, truth: Truth, rows: readonly CostRow[]): Fact {
  const known = rows.map((row) => row[rule.column]).filter((value) => typeof value === "number");
  const sum = known.reduce((total, value) => total + value, 0);
  const expected = rule.truth(truth);
  const complete = known.length === rows.length;
  const mayBeUnknown = expected === 0 || rule.lost.test(flagsOf(capture));
  let verdict: Fact["verdict"] = "wrong";
  if (sum === expected && (complete || expected > 0)) verdict = "right";
  else if (!complete && mayBeUnknown) verdict = "unknown";
  return { name: rule.name, truth: expected, found: complete ? sum : undefined, verdict };
}

/** Failed attempts that a later one made good, by the model server's log. */
export function retriesMadeGood(truth: Truth): number {
  const statuses = [...(truth.calls ?? [])].sort((a, b) => a.t - b.t).map(({ status }) => status);
  return statuses.slice(0, statuses.lastIndexOf(200) + 1).filter((status) => status !== 200).length;
}
