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

/** Looks up what belongs to a segment of a window. */
export async function evidenceOf(
  reader: Reader,
  window: Period,
  segment: Segment,
): Promise<Evidence> {
  const { conditions, variables } = segmentSql(segment);
  const where = conditions.map((condition) => `and ${condition}`).join("\n    ");
  const read = async (sql: string) =>
    toRows(await reader.readRows(sql, { ...variables, since: window.since, until: window.until }));
  const [seen = {}] = await read(`
select
    min(started_at) filter (true ${where}) as first_seen,
    min(started_at) as first_record
from cost_records`);
  const examples = await read(`
select
    trace_id,
    sum(cost_usd) as cost_usd,
    count(*) as calls,
    sum(retry_count)::bigint as retries,
    max(loop_iteration) as max_loop_iteration
from cost_records
where started_at >= getvariable('since') and started_at < getvariable('until')
    ${where}
group by trace_id
order by cost_usd desc nulls last, trace_id
limit ${exampleCount}`);
  return { firstSeen: isNew(seen) ? String(seen["first_seen"]) : null, examples };
}

/** Milliseconds within which everything has its first call: a segment that was there by then is not new. */
const startOfData = 86_400_000;

function isNew({ first_seen: seen, first_record: first }: Row): boolean {
  if (typeof seen !== "string" || typeof first !== "string") return false;
  return Date.parse(seen) - Date.parse(first) > startOfData;
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
    where started_at >= getvariable('since') and started_at < getvariable('until')
        ${conditions.map((condition) => `and ${condition}`).join("\n        ")}
    group by all
)
select hours.hour, coalesce(spent.cost_usd, 0) as cost_usd
from hours
left join spent on spent.hour = hours.hour
order by hours.hour`;
  return toRows(await reader.readRows(sql, { ...variables, since: from, until }));
}
