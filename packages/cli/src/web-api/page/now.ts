import { usualAttribution } from "@spancost/analysis";
import { inWindow } from "../../commands/top-sql.ts";
import { trustOf, trustWarnings } from "../../commands/trust.ts";
import { dayMillis, hourMillis } from "../../durations.ts";
import { type Cell, type Envelope, type Row, schemaOf } from "../../envelope/envelope.ts";
import { toRows } from "../../envelope/from-rows.ts";
import { parseDimensions } from "../../flags/dimensions.ts";
import { instantAt } from "../../flags/time.ts";
import type { Reader } from "../../ports.ts";
import type { PageQuestion } from "./page-question.ts";

/** What is spent now beside what the same hours of the seven days before cost, how fresh it is, how far to trust it. */
export type NowEnvelope = Envelope & {
  /** First and last call that is stored; `null` without any. */
  readonly first_call: Cell;
  readonly last_call: Cell;
  /** Calls still come in. Else all is as of the last call. */
  readonly live: boolean;
  /** The hour, and the day in UTC, that end with the window. */
  readonly hour: Row | null;
  readonly today: Row | null;
  /** Hour by hour, the last 24. */
  readonly hours: readonly Row[];
  readonly trust: Row;
  /** The receiver watches budgets: `/api/check` says how it stands with them. */
  readonly has_budgets: boolean;
};

/** Features that are listed. */
const mostFeatures = 8;
/** Days that say what is usual. */
const usualDays = 7;
/** After so long without a call, what is shown is as of the last one: an hour of nothing says nothing. */
const staleMillis = hourMillis;

export const now: PageQuestion = {
  name: "now",
  takes: [],
  needsStore: () => true,
  prepare:
    (_texts, millis) =>
    async ({ reader, budgets }) => ({
      ...(await answer(reader, millis)),
      has_budgets: budgets !== undefined,
    }),
};

async function answer(
  reader: Reader,
  millis: number,
): Promise<Omit<NowEnvelope, "has_budgets"> & Envelope> {
  const [edges = {}] = toRows(
    await reader.readRows(
      "select min(started_at) as first_call, max(started_at) as last_call from cost_records",
    ),
  );
  const { first_call = null, last_call = null } = edges;
  const base = { schema: schemaOf("page-now"), first_call, last_call };
  if (typeof first_call !== "string" || typeof last_call !== "string") {
    const none = { hour: null, today: null, hours: [], trust: {}, rows: [], warnings: [] };
    return { ...base, ...none, live: false, window: null, no_data: true };
  }
  const live = millis - Date.parse(last_call) < staleMillis;
  const end = wholeMinute(live ? Math.max(millis, Date.parse(last_call)) : Date.parse(last_call));
  const window = { since: instantAt(end - dayMillis), until: instantAt(end) };
  const asked = { ...window, first_call };
  const read = async (sql: string) => toRows(await reader.readRows(sql, asked));
  const hours = toHours(await read(hoursSql), end, Date.parse(first_call));
  const [today = {}] = await read(todaySql);
  const trust = await trustOf(reader, [inWindow], window, parseDimensions(usualAttribution, "by"));
  return {
    ...base,
    window,
    live,
    hour: hours.at(-1) ?? null,
    today,
    hours,
    trust,
    rows: await read(featuresSql),
    warnings: trustWarnings(trust),
  };
}

/** The end of the minute: what is counted up to it includes the last call. */
function wholeMinute(millis: number): number {
  return Math.floor(millis / 60_000) * 60_000 + 60_000;
}

/** Of each hour before the end how many calls, and their cost. An hour without calls has no row. */
const hoursSql = `
select
    (epoch_us(getvariable('until')) - 1 - epoch_us(started_at)) // 3600000000 as hours_back,
    sum(cost_usd) as cost_usd,
    count(*) as calls,
    count(*) filter (cost_usd is null) as unpriced_calls
from cost_records
where started_at >= getvariable('until') - interval ${usualDays + 1} days
    and started_at < getvariable('until')
group by hours_back`;

/** The day up to now, and what the same part of the days before cost. */
const todaySql = `
with placed as (
    select
        cost_usd,
        epoch_us(getvariable('until')) - 1 - epoch_us(started_at) as back,
        epoch_us(getvariable('until'))
            - epoch_us(date_trunc('day', getvariable('until') - interval 1 microsecond)) as length
    from cost_records
    where started_at >= getvariable('until') - interval ${usualDays + 1} days
        and started_at < getvariable('until')
), days as (
    select
        back // 86400000000 as days_back,
        sum(cost_usd) as cost_usd,
        count(*) as calls,
        count(*) filter (cost_usd is null) as unpriced_calls
    from placed
    where back % 86400000000 < length
    group by days_back
)
select
    max(cost_usd) filter (days_back = 0) as cost_usd,
    coalesce(max(calls) filter (days_back = 0), 0)::bigint as calls,
    coalesce(max(unpriced_calls) filter (days_back = 0), 0)::bigint as unpriced_calls,
    median(cost_usd::double) filter (days_back > 0) as usual_usd,
    min(cost_usd::double) filter (days_back > 0) as usual_low_usd,
    max(cost_usd::double) filter (days_back > 0) as usual_high_usd,
    count(*) filter (days_back > 0) as usual_days
from days`;

/**
 * What features cost in the last hour and in the last 24, beside the mean of such hours and days before. It is of those
 * that cost most in 24 hours, or would at the pace of the last one: what is dear now and what was last night.
 */
const featuresSql = `
with placed as (
    select
        feature,
        cost_usd,
        (epoch_us(getvariable('until')) - 1 - epoch_us(started_at)) // 3600000000 as hours_back
    from cost_records
    where started_at >= getvariable('until') - interval ${usualDays + 1} days
        and started_at < getvariable('until')
), known as (
    -- Without a whole day before, nobody knows what is usual.
    select nullif(greatest(0, least(${usualDays}, floor(
        epoch(getvariable('until') - getvariable('first_call')::timestamp) / 86400 - 1 / 24
    ))), 0) as days
)
select
    feature,
    sum(cost_usd) filter (hours_back = 0) as hour_cost_usd,
    coalesce(sum(cost_usd) filter (hours_back > 0 and hours_back % 24 = 0), 0)::double
        / any_value(days) as usual_hour_usd,
    sum(cost_usd) filter (hours_back < 24) as day_cost_usd,
    coalesce(sum(cost_usd) filter (hours_back >= 24), 0)::double / any_value(days) as usual_day_usd,
    count(*) filter (hours_back < 24) as day_calls,
    count(*) over () as features
from placed, known
group by feature
having day_calls > 0
-- Not in the order of what they cost in 24 hours, by which they are shown: that would leave out what began just now.
qualify row_number() over (
    order by greatest(day_cost_usd, 24 * hour_cost_usd) desc nulls last, feature
) <= ${mostFeatures}
order by day_cost_usd desc nulls last, feature`;

/** The last 24 hours, each beside the same hour of the days before as far as there are records. */
function toHours(rows: readonly Row[], end: number, first: number): Row[] {
  const byBack = new Map(rows.map((row) => [Number(row["hours_back"]), row]));
  return Array.from({ length: 24 }, (_, index) => 23 - index).map((back) => {
    const until = end - back * hourMillis;
    const days = Array.from({ length: usualDays }, (_, day) => back + 24 * (day + 1));
    const usual = days
      .filter((hour) => end - (hour + 1) * hourMillis >= first - hourMillis)
      .map((hour) => Number(byBack.get(hour)?.["cost_usd"] ?? 0))
      .sort((a, b) => a - b);
    const own = byBack.get(back);
    return {
      since: instantAt(until - hourMillis),
      until: instantAt(until),
      calls: own?.["calls"] ?? 0,
      unpriced_calls: own?.["unpriced_calls"] ?? 0,
      // Without a call nothing was spent; with calls that have no price nobody knows.
      cost_usd: own === undefined ? 0 : (own["cost_usd"] ?? null),
      usual_low_usd: usual[0] ?? null,
      usual_usd: usual[Math.floor(usual.length / 2)] ?? null,
      usual_high_usd: usual.at(-1) ?? null,
      usual_days: usual.length,
    };
  });
}
