import { type PicoUsd, picoUsd, usdNumber } from "@spancost/pricing";
import { hourMillis, instantAt } from "../baseline/instants.ts";
import type { Period } from "../baseline/windows.ts";
import type { Found } from "../detection/detect-spike.ts";
import { readDetection } from "../detection/read-detection.ts";
import type { SegmentReader } from "../report/segment-reader.ts";
import type { Budget, Budgets, SpikeRule } from "./budget.ts";
import { periodAt } from "./budget-period.ts";
import { type Forecast, forecastOf, weeksOfHistory } from "./forecast.ts";
import { readSpendHours, type SpendHours, type Spent, spentIn, wholeHours } from "./spend-hours.ts";

/** From good to bad; unknown: none of its calls has a price, or the records end before its period. */
export const budgetStates = ["ok", "unknown", "alert", "breach"] as const;

export type BudgetState = (typeof budgetStates)[number];

/** How it stands with a budget, or with one value of it. */
export interface BudgetStatus {
  readonly budget: Budget;
  /** Of the dimension that each value of which has a budget; `null`: calls without one. `undefined` without such. */
  readonly value: string | null | undefined;
  /** The day, week or month of now. */
  readonly period: Period;
  readonly spent: Spent;
  /** What is limited, over the limit; `undefined` where it is unknown. */
  readonly share: number | undefined;
  /** USD of a request in the period, rounded; `undefined` where there is none or it is unknown. */
  readonly dollarsPerRequest: number | undefined;
  /** USD an hour in the last 60 to 120 minutes. */
  readonly dollarsPerHour: number | undefined;
  /** Of what is spent; `undefined` where requests are limited, or cannot be forecast. */
  readonly forecast: Forecast | undefined;
  readonly state: BudgetState;
}

/** A spike that is told of, with the rule by which it is. */
export interface FoundSpike extends SpikeRule {
  readonly found: Found;
}

/** How it stands with everything in a file. */
export interface BudgetCheck {
  readonly statuses: readonly BudgetStatus[];
  /** Values with a budget of their own of which there were too many to tell. */
  readonly untold: number;
  readonly spike: FoundSpike | undefined;
  readonly state: BudgetState;
}

/** As of when it is said how it stands; milliseconds since 1970. */
export interface AsOf {
  /** Calls that began before are looked at. */
  readonly now: number;
  /** What was spent later than this is unknown, and not nothing; infinite where the records reach until now. */
  readonly recordsEnd: number;
}

/** Of one budget; the dearest are told. */
const maxValues = 200;

/** How it stands with budgets at an instant. */
export async function checkBudgets(
  reader: SegmentReader,
  { budgets, spikes }: Budgets,
  asOf: AsOf,
): Promise<BudgetCheck> {
  const statuses: BudgetStatus[] = [];
  let untold = 0;
  for (const budget of budgets) {
    const found = await statusesOf(reader.of(budget.where), budget, asOf);
    untold += Math.max(0, found.length - maxValues);
    statuses.push(...found.slice(0, maxValues));
  }
  const spike = spikes === undefined ? undefined : await spikeOf(reader, spikes, asOf.now);
  const states = [...statuses.map(({ state }) => state), spike?.state ?? "ok"] as const;
  return { statuses, untold, spike, state: worst(states) };
}

/** The dearest value first. */
async function statusesOf(
  reader: Parameters<typeof readSpendHours>[0],
  budget: Budget,
  asOf: AsOf,
): Promise<BudgetStatus[]> {
  const { now } = asOf;
  const period = periodAt(budget.period, now);
  const history = now - weeksOfHistory * 7 * 24 * hourMillis;
  const asked = wholeHours(Math.min(history, Date.parse(period.since)), now);
  const all = await readSpendHours(reader, budget.each, asked);
  if (budget.each === undefined)
    return [statusOf(budget, period, undefined, all.get(null) ?? [], asOf)];
  return [...all]
    .map(([value, hours]) => statusOf(budget, period, value, hours, asOf))
    .filter(({ spent }) => spent.calls > 0)
    .sort((a, b) => Number((b.spent.cost ?? 0n) - (a.spent.cost ?? 0n)));
}

function statusOf(
  budget: Budget,
  period: Period,
  value: string | null | undefined,
  hours: SpendHours,
  asOf: AsOf,
): BudgetStatus {
  const { now } = asOf;
  const until = Date.parse(period.until);
  const spent = spentFrom(Date.parse(period.since), hours, asOf);
  const limitDollars = usdNumber(budget.limit.usd);
  const spentDollars = spent.cost === undefined ? undefined : usdNumber(spent.cost);
  const perRequest =
    spentDollars === undefined || spent.requests === 0 ? undefined : spentDollars / spent.requests;
  const forecast =
    budget.limit.of === "request" || spentDollars === undefined
      ? undefined
      : forecastOf({ hours, now, until, spentDollars, limitDollars });
  const share = shareOf(budget, spent);
  return {
    budget,
    value,
    period,
    spent,
    share,
    dollarsPerRequest: perRequest,
    dollarsPerHour: burnOf(hours, asOf),
    forecast,
    state: stateOf(budget, spent, share, forecast),
  };
}

/** Exactly compared: a budget of 0.1 that 0.1 was spent of is used up. */
function shareOf({ limit }: Budget, { cost, requests }: Spent): number | undefined {
  if (cost === undefined) return undefined;
  if (limit.of === "spend") return usdNumber(cost) / usdNumber(limit.usd);
  return requests === 0 ? 0 : usdNumber(cost) / (usdNumber(limit.usd) * requests);
}

function stateOf(
  { limit, alertAt, forecast: rule }: Budget,
  { cost, requests }: Spent,
  share: number | undefined,
  forecast: Forecast | undefined,
): BudgetState {
  if (cost === undefined || share === undefined) return "unknown";
  const allowed: PicoUsd = limit.of === "spend" ? limit.usd : picoUsd(limit.usd * BigInt(requests));
  if (limit.of === "spend" ? cost >= allowed : cost > allowed) return "breach";
  const isOver = forecast !== undefined && forecast.dollars >= usdNumber(limit.usd);
  if (isOver && rule === "breach") return "breach";
  return (isOver && rule === "alert") || share >= alertAt ? "alert" : "ok";
}

/** What the last whole hour and the one that runs cost, for each hour. */
function burnOf(hours: SpendHours, asOf: AsOf): number | undefined {
  const since = Math.floor(asOf.now / hourMillis) * hourMillis - hourMillis;
  const { cost } = spentFrom(since, hours, asOf);
  return cost === undefined ? undefined : usdNumber(cost) / ((asOf.now - since) / hourMillis);
}

/** From an instant until now; where the records end before it nothing is known of it. */
function spentFrom(since: number, hours: SpendHours, { now, recordsEnd }: AsOf): Spent {
  const spent = spentIn(hours, since, now);
  return recordsEnd < since ? { ...spent, cost: undefined } : spent;
}

async function spikeOf(
  reader: SegmentReader,
  { atLeast, state }: SpikeRule,
  now: number,
): Promise<BudgetCheck["spike"]> {
  const found = await readDetection(reader, instantAt(now));
  if (found?.kind !== "found") return undefined;
  if (found.dollars - found.usualDollars < usdNumber(atLeast)) return undefined;
  return { found, atLeast, state };
}

function worst(states: readonly BudgetState[]): BudgetState {
  return budgetStates.findLast((state) => states.includes(state)) ?? "ok";
}
