import type { Period, Segment } from "@spancost/analysis";
import type { Row } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import { instantAt } from "../flags/time.ts";
import type { Reader } from "../ports.ts";
import { segmentSql } from "./segment-queries.ts";

/** What one can look at to see a finding with one's own eyes. */
export interface Evidence {
  /** Start of the first call of the segment that is stored; `null` where it was there from the beginning. */
  readonly firstSeen: string | null;
  /** Its dearest traces in the window. */
  readonly examples: readonly Row[];
}

const exampleCount = 3;

const fromSince = "started_at >= getvariable('since')";
const beforeUntil = "started_at < getvariable('until')";
const inWindow = [fromSince, beforeUntil];

/** Looks up what belongs to each of the segments of findings in a window. */
export async function evidenceOf(
  reader: Reader,
  window: Period,
  findings: readonly { readonly segment: Segment }[],
): Promise<readonly Evidence[]> {
  if (findings.length === 0) return [];
  const firstCall = await firstCallOf(reader, {}, {});
  return Promise.all(
    findings.map(async ({ segment }) => ({
      examples: await examplesOf(reader, window, segment),
      firstSeen: firstCall === null ? null : await firstSeenOf(reader, segment, firstCall),
    })),
  );
}

async function examplesOf(
  reader: Reader,
  { since, until }: Period,
  segment: Segment,
): Promise<readonly Row[]> {
  const { conditions, variables } = segmentSql(segment);
  const sql = `
select
    trace_id,
    sum(cost_usd) as cost_usd,
    count(*) as calls,
    sum(retry_count)::bigint as retries,
    max(loop_iteration) as max_loop_iteration
from cost_records
where ${[...inWindow, ...conditions].join(" and ")}
group by trace_id
order by cost_usd desc nulls last, trace_id
limit ${exampleCount}`;
  return toRows(await reader.readRows(sql, { ...variables, since, until }));
}

/** Within this time everything has its first call: a segment that was there by then is not new. */
const startOfData = 86_400_000;

/**
 * Most segments were there in the first day: what came after it is read for the others only.
 *
 * @param firstCall of all that is stored
 */
async function firstSeenOf(
  reader: Reader,
  segment: Segment,
  firstCall: string,
): Promise<string | null> {
  const dayAfter = instantAt(Date.parse(firstCall) + startOfData);
  const inFirstDay = await firstCallOf(reader, segment, { until: dayAfter });
  return inFirstDay === null ? firstCallOf(reader, segment, { since: dayAfter }) : null;
}

/** When the first call of a segment began, of those at or after `since` and before `until`. */
async function firstCallOf(reader: Reader, segment: Segment, { since, until }: Partial<Period>) {
  const { conditions, variables } = segmentSql(segment);
  const inTime = [
    ...(since === undefined ? [] : [fromSince]),
    ...(until === undefined ? [] : [beforeUntil]),
  ];
  const sql = `
select min(started_at) as first_call
from cost_records
where ${["true", ...inTime, ...conditions].join(" and ")}`;
  const [row] = toRows(await reader.readRows(sql, { ...variables, since, until }));
  const call = row?.["first_call"];
  return typeof call === "string" ? call : null;
}

/**
 * Cost per hour of the calls of `segment`, from as long before the window as it is long; an hour without a
 * priced call is 0.
 */
export async function timelineOf(
  reader: Reader,
  { since, until }: Period,
  segment: Segment,
): Promise<readonly Row[]> {
  const { conditions, variables } = segmentSql(segment);
  const start = Date.parse(since);
  const from = instantAt(Math.max(0, start - (Date.parse(until) - start)));
  const sql = `
with hours as (
    select unnest(generate_series(
        date_trunc('hour', getvariable('since')), getvariable('until') - interval 1 microsecond, interval 1 hour
    )) as hour
),
spent as (
    select date_trunc('hour', started_at) as hour, sum(cost_usd) as cost_usd
    from cost_records
    where ${[...inWindow, ...conditions].join(" and ")}
    group by all
)
select hours.hour, coalesce(spent.cost_usd, 0) as cost_usd
from hours
left join spent on spent.hour = hours.hour
order by hours.hour`;
  return toRows(await reader.readRows(sql, { ...variables, since: from, until }));
}
