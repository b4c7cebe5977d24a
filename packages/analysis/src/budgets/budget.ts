import type { PicoUsd } from "@spancost/pricing";
import type { Segment } from "../dimensions.ts";

/** How long money has to last: a day, a week from Monday on, or a month, each of UTC. */
export const budgetPeriods = ["day", "week", "month"] as const;

export type BudgetPeriod = (typeof budgetPeriods)[number];

/** What is allowed of one thing. */
export interface Budget {
  readonly name: string;
  /** Of which calls; all where it is empty. */
  readonly where: Segment;
  /** Each value of this dimension has a budget of its own, of this size. */
  readonly each: string | undefined;
  readonly period: BudgetPeriod;
  readonly limit: Limit;
  /** From which share of the limit on it is an alert. */
  readonly alertAt: number;
  /** What it is where the forecast, and not yet the spend, is over the limit. */
  readonly forecast: ForecastRule;
}

/** What is limited: what a period costs, or what a request costs in it. */
export interface Limit {
  readonly of: "spend" | "request";
  readonly usd: PicoUsd;
}

export const forecastRules = ["alert", "breach", "off"] as const;

export type ForecastRule = (typeof forecastRules)[number];

/** What is said of a spike in the last 24 hours. */
export interface SpikeRule {
  /** USD above the usual; what costs less is left alone. */
  readonly atLeast: PicoUsd;
  readonly state: "alert" | "breach";
}

/** What a file of budgets says. */
export interface Budgets {
  readonly budgets: readonly Budget[];
  readonly spikes: SpikeRule | undefined;
}
