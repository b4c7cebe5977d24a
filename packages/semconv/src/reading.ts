import type { Attribution } from "./attribution.ts";
import type { Usage, UsageQuality } from "./usage.ts";

/**
 * What a span is, seen by itself.
 *
 * `call`: one request to a model. `agent`: a run of an agent. `run`: a workflow, chain or SDK call around
 * model calls. Agents and runs may repeat the usage of the calls inside them; they are never billed for it.
 */
export type SpanNode = "call" | "agent" | "run" | "tool" | "http" | "other";

/** What one span says, in spancost's words. `undefined` is "the span does not say". */
export interface SpanReading {
  /** Which dialect read it; `undefined` for a span that says nothing about models. */
  readonly dialect: string | undefined;
  readonly node: SpanNode;
  /** The span's, but for emitters that put content into it. */
  readonly name: string;
  readonly operation: string | undefined;
  readonly provider: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  readonly responseId: string | undefined;
  /** As the provider served it (`default`, `priority`, `flex`, `batch` …), not as it was asked for. */
  readonly serviceTier: string | undefined;
  readonly agent: string | undefined;
  /** Of a tool span: which tool; of a retrieval: which source. */
  readonly tool: string | undefined;
  /** Of a tool span: how many priced units it used, where the service says so (`spancost.units`). */
  readonly units: number | undefined;

  /** `undefined` on spans that need not have any; all counts `undefined` on a call whose usage was lost. */
  readonly usage: Usage | undefined;
  readonly usageQuality: UsageQuality | undefined;
  /** What is odd about the counts, as words joined by commas; see `UsageIssue`. */
  readonly usageIssue: string | undefined;
  /** USD, as the emitter or a gateway computed it. A reported 0 is not kept when tokens were used. */
  readonly reportedCostUsd: number | undefined;
  /** A gateway answered from its own cache: the model was not called, whatever usage it repeats. */
  readonly servedFromCache: boolean;

  /** Attempts before the one that this span bills, where the span itself says so. */
  readonly retryCount: number | undefined;
  readonly loopIteration: number | undefined;
  readonly agentDepth: number | undefined;

  readonly errorType: string | undefined;
  readonly httpStatus: number | undefined;
  /** An HTTP request to a model API: an attempt of some call. */
  readonly modelRequest: boolean;
  readonly attribution: Attribution;
}

/** Words that `usageIssue` is made of. */
export type UsageIssue =
  /** A count is negative, fractional, not a number or beyond 10^12: it is kept as unknown. */
  | "invalid_token_count"
  /** No input, no output, no cache: the emitter writes 0 for what it does not know. */
  | "zero_usage"
  /** More cached than input tokens: the input of this emitter probably leaves the cached ones out. */
  | "cached_exceeds_input"
  | "reasoning_exceeds_output"
  /** The span's own total fits no reading of its counts. */
  | "total_mismatch"
  /** The emitter leaves cached tokens out of input and does not say how many: input is a lower bound. */
  | "input_excludes_cache"
  /** Whether the emitter's input includes the cached tokens is not told: it is a lower bound. */
  | "input_may_exclude_cache"
  /** Some of the input is told without how much of it was cached: its cost is an upper bound. */
  | "cache_split_incomplete"
  /** The emitter leaves reasoning out of output and does not say how much: output is a lower bound. */
  | "output_excludes_reasoning"
  /** Reasoning is what the provider's total leaves over; tokens of its built-in tools may be among it. */
  | "reasoning_from_total"
  /** The emitter guesses the usage of streams and does not say that it did. */
  | "may_be_estimated"
  /** The emitter writes to a span that holds only the last of the calls made while it was open. */
  | "may_be_last_of_several"
  /** The emitter adds the usage of the calls before in a loop of tools: an upper bound. */
  | "may_include_earlier_calls"
  /** The emitter adds a placeholder of a few tokens to the output of streams. */
  | "output_may_be_overstated"
  /** The emitter adds running totals of streams up: input is an upper bound. */
  | "input_may_be_overstated";
