import { inWindow } from "../../commands/top-sql.ts";
import { type Envelope, type Row, schemaOf, type Window } from "../../envelope/envelope.ts";
import { toRows } from "../../envelope/from-rows.ts";
import { type Dimension, parseDimension } from "../../flags/dimensions.ts";
import { type Filter, filterSql, parseFilters } from "../../flags/filters.ts";
import { askedWindow, resolveWindow } from "../../flags/window.ts";
import type { Reader } from "../../ports.ts";
import type { PageQuestion } from "./page-question.ts";

/** Cost over time in steps, a row per step and value of a dimension, and the releases that began meanwhile. */
export type TimelineEnvelope = Envelope & {
  readonly by: string;
  readonly step_ms: number;
  /** The dearest values; all others are `(other)`. */
  readonly values: readonly Row[];
  readonly releases: readonly Row[];
};

/** Values with a colour of their own: more cannot be told apart. */
const mostValues = 8;

const mostSteps = 120;

const minute = 60_000;
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 10_080].map((n) => n * minute);

export const timeline: PageQuestion = {
  name: "timeline",
  takes: ["by", "since", "until", "where", "run"],
  needsStore: () => true,
  prepare(texts, now) {
    const by = parseDimension(texts.one("by") ?? "feature", "by");
    const filters = parseFilters(texts.all("where"));
    const asked = askedWindow(texts, now);
    return async ({ reader }) => answer(reader, await resolveWindow(reader, asked), by, filters);
  },
};

/** The smallest step of a round length that makes at most so many of the window. */
export function stepOf({ since, until }: Window): number {
  const length = Date.parse(until) - Date.parse(since);
  const fits = steps.find((step) => length / step <= mostSteps);
  return fits ?? Math.ceil(length / mostSteps / 1440 / minute) * 1440 * minute;
}

async function answer(
  reader: Reader,
  window: Window | undefined,
  by: Dimension,
  filters: readonly Filter[],
): Promise<TimelineEnvelope> {
  const base = { schema: schemaOf("page-timeline"), by: by.name };
  if (window === undefined) {
    const none = { window: null, step_ms: 0, values: [], releases: [], rows: [] };
    return { ...base, ...none, warnings: [], no_data: true };
  }
  const step_ms = stepOf(window);
  const { conditions, variables } = filterSql(filters);
  const asked = { ...variables, ...window };
  const read = async (sql: string) => toRows(await reader.readRows(sql, asked));
  const values = await read(valuesSql(by, conditions));
  const rows = await read(stepsSql(by, conditions, step_ms));
  const releases = await read(releasesSql);
  return { ...base, window, step_ms, values, releases, rows, warnings: [] };
}

function callsSql(by: Dimension, conditions: readonly string[]): string {
  return `calls as not materialized (
    select started_at, (${by.sql})::varchar as value, cost_usd
    from cost_records
    where ${[inWindow, ...conditions].join(" and ")}
), dearest as (
    select value, sum(cost_usd) as cost_usd, count(*) as calls
    from calls
    group by value
    order by cost_usd desc nulls last, calls desc, value
    limit ${mostValues}
)`;
}

function valuesSql(by: Dimension, conditions: readonly string[]): string {
  return `with ${callsSql(by, conditions)} from dearest order by cost_usd desc nulls last, calls desc, value`;
}

/** Values that are not among the dearest are one: `other`. Calls without a value may be among them. */
function stepsSql(by: Dimension, conditions: readonly string[], stepMillis: number): string {
  return `with ${callsSql(by, conditions)}
select
    time_bucket(to_milliseconds(${stepMillis}), calls.started_at) as since,
    dearest.value,
    dearest.calls is null as other,
    sum(calls.cost_usd) as cost_usd,
    count(*) as calls,
    count(*) filter (calls.cost_usd is null) as unpriced_calls
from calls
left join dearest on dearest.value is not distinct from calls.value
group by 1, 2, 3
order by since, sum(calls.cost_usd) desc nulls last, dearest.value`;
}

/** The first call of each release that began in the window, unless nothing of its service came before. */
const releasesSql = `
with firsts as (
    select service, release, min(started_at) as first_seen
    from cost_records
    where release is not null
    group by service, release
)
select service, release, first_seen
from firsts
where first_seen >= getvariable('since') and first_seen < getvariable('until')
    and exists (
        select 1
        from firsts as before
        where before.service is not distinct from firsts.service
            and before.first_seen < firsts.first_seen
    )
order by first_seen, service, release
limit 40`;
