import type { Window } from "../../src/address/range.ts";

/** What the server's answers hold, as far as the page reads it. Costs are dollars; `null` is unknown. */

export type Amount = number | null;

export interface Answer<Row> {
  readonly window: Window | null;
  readonly rows: readonly Row[];
  readonly warnings: readonly string[];
  readonly pricing_run?: number;
  readonly no_data?: true;
}

export interface Trust {
  readonly calls?: number;
  readonly priced_share?: Amount;
  readonly priced_token_share?: Amount;
  readonly attributed_share?: Amount;
  readonly attributed_share_by?: Readonly<Record<string, Amount>>;
  readonly deduplicated?: number;
  readonly unpriced_calls?: number;
  readonly unknown_usage_calls?: number;
  readonly estimated_usage_calls?: number;
  readonly partial_usage_calls?: number;
  readonly lower_bound_calls?: number;
  readonly usage_issue_calls?: number;
  readonly cache_split_unknown_calls?: number;
}

export interface Receiver {
  readonly version: string;
  readonly db: string;
  readonly otlp_url: string;
  readonly started_at: string;
  readonly environment: readonly string[];
  readonly trace_link: string | null;
}

export interface Hour extends Window {
  readonly calls: number;
  readonly unpriced_calls: number;
  readonly cost_usd: Amount;
  readonly usual_low_usd: Amount;
  readonly usual_usd: Amount;
  readonly usual_high_usd: Amount;
  readonly usual_days: number;
}

export interface Today {
  readonly cost_usd: Amount;
  readonly calls: number;
  readonly unpriced_calls: number;
  readonly usual_usd: Amount;
  readonly usual_low_usd: Amount;
  readonly usual_high_usd: Amount;
  readonly usual_days: number;
}

export interface FeatureNow {
  readonly feature: string | null;
  readonly hour_cost_usd: Amount;
  readonly usual_hour_usd: Amount;
  readonly day_cost_usd: Amount;
  readonly usual_day_usd: Amount;
  readonly day_calls: number;
  /** All with calls in the last 24 hours, of which some have a row. */
  readonly features: number;
}

export interface Now extends Answer<FeatureNow> {
  readonly first_call: string | null;
  readonly last_call: string | null;
  readonly live: boolean;
  readonly hour: Hour | null;
  readonly today: Today | null;
  readonly hours: readonly Hour[];
  readonly trust: Trust;
  readonly has_budgets: boolean;
}

/** How it stands with a budget, or with a value of it that has one of its own. */
export interface BudgetRow {
  readonly budget: string;
  /** The dimension whose values have a budget each; `value` is the one of this row. */
  readonly each: string | null;
  readonly value: string | null;
  readonly where: Readonly<Record<string, string>>;
  readonly period: string | null;
  readonly since: string;
  readonly until: string;
  readonly limit_of: "spend" | "request" | null;
  readonly limit_usd: Amount;
  readonly spent_usd: Amount;
  /** Of a spike what such hours usually cost; else `null`. */
  readonly usual_usd: Amount;
  readonly share: Amount;
  readonly forecast_usd: Amount;
  readonly cost_per_request_usd: Amount;
  readonly state: "ok" | "unknown" | "alert" | "breach";
  readonly sentence: string;
}

export interface TimelineRow {
  readonly since: string;
  readonly value: string | null;
  readonly other: boolean;
  readonly cost_usd: Amount;
  readonly calls: number;
  readonly unpriced_calls: number;
}

export interface Timeline extends Answer<TimelineRow> {
  readonly by: string;
  readonly step_ms: number;
  readonly values: readonly { value: string | null; cost_usd: Amount; calls: number }[];
  readonly releases: readonly { service: string | null; release: string; first_seen: string }[];
}

export interface Factor {
  readonly factor: string;
  readonly delta_usd: number;
}

export interface Figures {
  readonly requests: number;
  readonly calls: number;
  readonly calls_per_request: Amount;
  readonly attempts_per_call: Amount;
  readonly input_tokens_per_call: Amount;
  readonly cached_share: Amount;
  readonly output_tokens_per_call: Amount;
}

export interface Finding {
  readonly segment: Readonly<Record<string, string | null>>;
  readonly cost_usd: number;
  readonly baseline_cost_usd: number;
  readonly delta_usd: number;
  readonly share: Amount;
  readonly mechanism: string;
  /** What the mechanism cost more, where other factors saved most of that or all of it. */
  readonly hidden_usd: Amount;
  readonly factors: readonly Factor[];
  readonly sentence: string;
  /** Between the two amounts lies the change in nine of ten draws of requests and days. */
  readonly confidence?: {
    readonly level: "high" | "medium" | "low";
    readonly low_usd: number;
    readonly high_usd: number;
  };
  readonly before: Figures;
  readonly after: Figures;
  readonly first_seen: string | null;
  readonly examples: readonly {
    readonly trace_id: string;
    readonly cost_usd: Amount;
    readonly calls: number;
    readonly retries: Amount;
    readonly max_loop_iteration: Amount;
  }[];
}

export interface Release {
  readonly service: string | null;
  readonly release: string;
  readonly verdict: string;
  /** With what it was compared. */
  readonly control: string;
  readonly sentence: string;
  readonly first_seen: string;
}

export interface FeatureSpend {
  readonly feature: string | null;
  readonly calls: number;
  readonly unpriced_calls: number;
  readonly cost_usd: Amount;
}

export interface Explanation extends Answer<unknown> {
  readonly baseline: Window | null;
  readonly baseline_periods: number;
  readonly baseline_day_kind: "weekend" | "working" | null;
  readonly cost_usd: Amount;
  readonly baseline_cost_usd: Amount;
  readonly delta_usd: Amount;
  /** Why no segment is named; `null` where one is, or nothing was compared. */
  readonly quiet_sentence: string | null;
  readonly summary: string;
  readonly spend: readonly FeatureSpend[];
  readonly findings: readonly Finding[];
  readonly bridge: readonly Factor[];
  readonly releases: readonly Release[];
  readonly trust: Trust;
}

export interface SpikeAnswer extends Answer<never> {
  readonly detection: { readonly sentence: string } | null;
}

export interface Compared {
  readonly dimension: string;
  readonly value: string | null;
  readonly cost_usd: Amount;
  readonly calls: number;
  readonly unpriced_calls: number;
  readonly baseline_cost_usd: Amount;
  readonly delta_usd: Amount;
  readonly values_of_dimension: number;
}

export interface TraceRow {
  readonly trace_id: string;
  readonly started_at: string;
  readonly duration_ms: Amount;
  readonly entry_point: string | null;
  readonly features: string | null;
  readonly releases: string | null;
  readonly models: string | null;
  readonly calls: number;
  readonly unpriced_calls: number;
  readonly failed_calls: number;
  readonly retries: Amount;
  readonly max_loop_iteration: Amount;
  readonly input_tokens: Amount;
  readonly output_tokens: Amount;
  readonly cost_usd: Amount;
}

export interface Traces extends Answer<TraceRow> {
  readonly traces: Amount;
  readonly sort: string;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

export interface SpanRow {
  readonly depth: number;
  readonly span_id: string;
  readonly parent_span_id: string | null;
  readonly name: string;
  readonly role: string | null;
  readonly record_kind: string | null;
  readonly counted_as: string | null;
  readonly status: string;
  readonly error_type: string | null;
  readonly started_at: string;
  readonly offset_ms: number;
  readonly duration_ms: number;
  readonly service: string | null;
  readonly agent: string | null;
  readonly tool: string | null;
  readonly model: string | null;
  readonly http_status: Amount;
  readonly loop_iteration: Amount;
  readonly retry_count: Amount;
  readonly input_tokens: Amount;
  readonly cache_read_tokens: Amount;
  readonly output_tokens: Amount;
  readonly cost_usd: Amount;
  readonly subtree_calls: number;
  readonly subtree_cost_usd: Amount;
  readonly subtree_unpriced_calls: number;
  readonly unpriced_reason: string | null;
  readonly usage_quality: string | null;
  readonly usage_issue: string | null;
}

export interface Trace extends Answer<SpanRow> {
  readonly trace_id: string;
  readonly total: Readonly<Record<string, Amount>>;
  readonly trust: Trust;
}

export interface QueryParam {
  readonly name: string;
  readonly type: string;
  readonly default: string | null;
  readonly help: string;
}

export interface NamedQuery {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly params: readonly QueryParam[];
  readonly columns: readonly { name: string; type: string; help: string }[];
  readonly sql: string;
}

export type Cell = string | number | boolean | null | readonly unknown[] | object;

export interface QueryAnswer extends Answer<Readonly<Record<string, Cell>>> {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}
