/** Options of `SpanCostProcessor`, `withSpancost` and, as environment variables, of `register`. All are optional. */
export interface SpancostOptions {
  /**
   * One line per model call: true for stderr, or where to write it. Holds model, counts, cost and feature.
   * Default: the environment's `SPANCOST_LOG`.
   */
  readonly log?: boolean | ((line: string) => void) | undefined;
  /**
   * Counters of tokens and money on the service's own OpenTelemetry metrics, counted before sampling.
   * Default: the environment's `SPANCOST_METRICS`.
   */
  readonly metrics?: boolean | undefined;
  /** Soft limits on spending. */
  readonly budgets?: readonly Budget[] | undefined;
  /** Called at 80 % and at 100 % of a budget, once in each of its periods. What it throws is ignored. */
  readonly onBudget?: ((event: BudgetEvent) => void) | undefined;
  /** Limits on single calls, runs and traces. */
  readonly guardrails?: Guardrails | undefined;
  /**
   * Public hosts of your own that feature, team, user and conversation may travel to, such as "*.example.com".
   * Without it they travel inside your network only; `false`: nowhere. Never with a request to a model.
   * Default: the environment's `SPANCOST_PROPAGATE_TO`, names separated by commas.
   */
  readonly propagateTo?: readonly string[] | false | undefined;
}

/** A soft limit on what this process spends. */
export interface Budget {
  readonly usd: number;
  readonly per: "hour" | "day" | "process";
  /** Counts the calls of one feature only. */
  readonly feature?: string | undefined;
  /** Once it is spent, `assertBudget`, `run.step` and `withRetries` throw a `SpancostLimitError`. */
  readonly enforce?: boolean | undefined;
}

export interface BudgetEvent {
  readonly budget: Budget;
  readonly spentUsd: number;
  /** What was reached: 0.8 or 1. */
  readonly share: 0.8 | 1;
}

/** Limits that a call, a run or a trace should keep. A breach is an attribute and an event on its span. */
export interface Guardrails {
  /** Input of one call, caches included. */
  readonly maxInputTokens?: number | undefined;
  /** Steps of one run of an agent, as `run.step` counts them. */
  readonly maxIterations?: number | undefined;
  /** What one trace may spend in this process. */
  readonly maxUsdPerTrace?: number | undefined;
  /** Called at each breach. What it throws is ignored. */
  readonly onBreach?: ((breach: Breach) => void) | undefined;
  /** Beyond `maxIterations`, `run.step` throws a `SpancostLimitError`. */
  readonly enforce?: boolean | undefined;
}

export type GuardrailName = "max_input_tokens" | "max_iterations" | "max_usd_per_trace" | "budget";

export interface Breach {
  readonly guardrail: GuardrailName;
  readonly limit: number;
  readonly value: number;
  readonly traceId: string | undefined;
  readonly feature: string | undefined;
}
