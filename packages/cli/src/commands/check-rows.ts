import type { BudgetCheck, BudgetStatus } from "@spancost/analysis";
import { usdNumber } from "@spancost/pricing";
import type { Row } from "../envelope/envelope.ts";
import { noValue } from "../flags/dimensions.ts";
import { instantAt } from "../flags/time.ts";
import { plain, windowText } from "../flags/window.ts";
import { money, percent } from "../render/cells.ts";
import { counted } from "../render/report/words.ts";
import { shownIn } from "./detection-row.ts";
import { estimate } from "./estimate.ts";
import { knownUsd, usd } from "./explain-rows.ts";

/** How it stands with a budget, as scripts read it. A forecast is an estimate, and rounded. */
export function budgetRow(status: BudgetStatus): Row {
  const { budget, value, period, spent, share, forecast, state } = status;
  const limitDollars = usdNumber(budget.limit.usd);
  return {
    budget: budget.name,
    each: budget.each ?? null,
    value: budget.each === undefined ? null : (value ?? noValue),
    where: { ...budget.where } as Row,
    period: budget.period,
    since: period.since,
    until: period.until,
    limit_of: budget.limit.of,
    limit_usd: usd(budget.limit.usd),
    spent_usd: knownUsd(spent.cost),
    usual_usd: null,
    at_least_usd: null,
    share: share ?? null,
    forecast_usd: estimate(forecast?.dollars),
    forecast_share: forecast === undefined ? null : forecast.dollars / limitDollars,
    limit_at: forecast?.limitAt === undefined ? null : instantAt(wholeMinute(forecast.limitAt)),
    requests: spent.requests,
    cost_per_request_usd: estimate(status.dollarsPerRequest),
    burn_usd_per_hour: estimate(status.dollarsPerHour),
    calls: spent.calls,
    unpriced_calls: spent.unpricedCalls,
    state,
    sentence: sentenceOf(status),
  };
}

/**
 * A spike of the last 24 hours, in the columns of budgets. It has no limit: its figures are of the feature in which
 * it shows most, beside what that usually costs in such hours.
 */
export function spikeRow(
  { found, atLeast, state }: NonNullable<BudgetCheck["spike"]>,
  now: number,
): Row {
  const where = found.feature === undefined ? {} : { feature: found.feature ?? noValue };
  const excess = money(estimate(found.dollars - found.usualDollars));
  const end = Date.parse(found.until) >= now || found.ongoing ? "; it goes on" : "";
  return {
    budget: "spikes",
    each: null,
    value: null,
    where,
    period: null,
    since: found.since,
    until: found.until,
    limit_of: null,
    limit_usd: null,
    spent_usd: estimate(found.dollars),
    usual_usd: estimate(found.usualDollars),
    at_least_usd: usd(atLeast),
    share: null,
    forecast_usd: null,
    forecast_share: null,
    limit_at: null,
    requests: null,
    cost_per_request_usd: null,
    burn_usd_per_hour: null,
    calls: null,
    unpriced_calls: null,
    state,
    sentence:
      `A spike from ${windowText(found)} ${shownIn(found)}: ${excess} more (told of from ${money(usd(atLeast))} on)${end}. ` +
      "spancost explain says why, of all calls and beside the mean of such hours.",
  };
}

function sentenceOf(status: BudgetStatus): string {
  const { budget, spent, share, forecast, state, period } = status;
  const { unpricedCalls: unpriced } = spent;
  const missing =
    unpriced === 0
      ? ""
      : ` ${counted(unpriced, "call")} without a price ${unpriced === 1 ? "is" : "are"} not in it.`;
  if (state === "unknown") {
    const why =
      spent.calls === 0
        ? `no call is stored from ${plain(period.since)} UTC on`
        : "no call of it has a price";
    return `${nameOf(status)}: ${why}, so what it cost is unknown.`;
  }
  const limit = money(usd(budget.limit.usd));
  const much = share === undefined ? "" : ` (${percent(share)})`;
  if (budget.limit.of === "request") {
    const each = money(estimate(status.dollarsPerRequest ?? 0));
    return `${nameOf(status)}: a request costs ${each}, of ${limit}${much}.${missing}`;
  }
  const spentText = spent.cost === undefined ? "unknown" : money(usd(spent.cost));
  const now = `${nameOf(status)}: ${spentText} of ${limit}${much} spent`;
  if (forecast === undefined) return `${now}.${missing}`;
  const end = `${money(estimate(forecast.dollars))} by ${plain(period.until)} UTC`;
  const when = forecast.limitAt;
  const isOver = share !== undefined && share >= 1;
  const used = isOver
    ? `used up, and ${end}`
    : when === undefined
      ? end
      : `used up at ${plain(instantAt(wholeMinute(when)))} UTC, and ${end}`;
  return `${now}; as requests usually come and cost now, ${used}.${missing}`;
}

/** "teams: core". */
function nameOf({ budget, value }: BudgetStatus): string {
  return budget.each === undefined ? budget.name : `${budget.name}: ${value ?? noValue}`;
}

function wholeMinute(millis: number): number {
  return Math.floor(millis / 60_000) * 60_000;
}
