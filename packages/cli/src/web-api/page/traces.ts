import { inWindow } from "../../commands/top-sql.ts";
import { type Cell, type Envelope, schemaOf, type Window } from "../../envelope/envelope.ts";
import { toRows } from "../../envelope/from-rows.ts";
import { UsageError } from "../../errors.ts";
import { type Filter, filterSql, parseFilters } from "../../flags/filters.ts";
import { wholeNumber } from "../../flags/texts.ts";
import { askedWindow, resolveWindow } from "../../flags/window.ts";
import type { Reader } from "../../ports.ts";
import type { PageQuestion } from "./page-question.ts";

/** A page of the traces of a window. Each row is of the calls that meet the filters, not of the whole trace. */
export type TracesEnvelope = Envelope & {
  /** Of all pages. */
  readonly traces: Cell;
  readonly sort: string;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
};

/** What traces can be sorted by, in SQL over the calls of one. */
const sorts: Readonly<Record<string, string>> = {
  cost: "sum(cost_usd)",
  calls: "count(*)",
  retries: "sum(retry_count)",
  loop: "max(loop_iteration)",
  tokens: "sum(input_tokens)",
  duration: "max(epoch_us(started_at) / 1000 + duration_ms) - epoch_us(min(started_at)) / 1000",
  started: "min(started_at)",
};

const defaultLimit = 50;

export const traces: PageQuestion = {
  name: "traces",
  takes: ["since", "until", "where", "sort", "order", "offset", "limit", "run"],
  needsStore: () => true,
  prepare(texts, now) {
    const sort = texts.one("sort") ?? "cost";
    if (!(sort in sorts)) {
      throw new UsageError(`--sort takes one of ${Object.keys(sorts).join(", ")}, not "${sort}".`);
    }
    const order = texts.one("order") ?? "desc";
    if (order !== "asc" && order !== "desc") {
      throw new UsageError(`--order takes asc or desc, not "${order}".`);
    }
    const asked = askedWindow(texts, now);
    const filters = parseFilters(texts.all("where"));
    const page = {
      sort,
      descending: order === "desc",
      offset: wholeNumber("offset", texts.one("offset") ?? "0", 0),
      limit: wholeNumber("limit", texts.one("limit") ?? String(defaultLimit), 1, 500),
    };
    return async ({ reader }) => answer(reader, await resolveWindow(reader, asked), filters, page);
  },
};

type PageOfTraces = Pick<TracesEnvelope, "sort" | "descending" | "offset" | "limit">;

async function answer(
  reader: Reader,
  window: Window | undefined,
  filters: readonly Filter[],
  page: PageOfTraces,
): Promise<TracesEnvelope> {
  const { conditions, variables } = filterSql(filters);
  const base = { schema: schemaOf("page-traces"), ...page };
  const asked = { ...variables, ...window };
  const found =
    window === undefined
      ? []
      : toRows(await reader.readRows(pageSql([inWindow, ...conditions], page), asked));
  const all = found[0]?.["all_traces"] ?? (window && page.offset > 0 ? null : 0);
  const ids = found.map((row) => String(row["trace_id"]));
  if (window === undefined || ids.length === 0) {
    return { ...base, window: window ?? null, traces: all, rows: [], warnings: [], no_data: true };
  }
  const sql = detailsSql([inWindow, ...conditions]);
  const details = toRows(await reader.readRows(sql, { ...asked, trace_ids: ids }));
  const byId = new Map(details.map((row) => [row["trace_id"], row]));
  const rows = ids.map((id) => byId.get(id)).filter((row) => row !== undefined);
  return { ...base, window, traces: all, rows, warnings: [] };
}

/** The ids of one page, in order: only what they are sorted by is worked out of every trace. */
function pageSql(conditions: readonly string[], page: PageOfTraces): string {
  return `
with found as (
    select trace_id, ${sorts[page.sort]} as place
    from cost_records
    where ${conditions.join(" and ")}
    group by trace_id
)
select trace_id, (select count(*) from found) as all_traces
from found
order by place ${page.descending ? "desc" : "asc"} nulls last, trace_id
limit ${page.limit} offset ${page.offset}`;
}

function detailsSql(conditions: readonly string[]): string {
  return `
select
    trace_id,
    min(started_at) as started_at,
    ${sorts["duration"]} as duration_ms,
    any_value(entry_point) as entry_point,
    string_agg(distinct feature, ', ' order by feature) as features,
    string_agg(distinct release, ', ' order by release) as releases,
    string_agg(
        distinct coalesce(response_model, request_model), ', '
        order by coalesce(response_model, request_model)
    ) as models,
    count(*) as calls,
    count(*) filter (cost_usd is null) as unpriced_calls,
    count(*) filter (status = 'error') as failed_calls,
    sum(retry_count)::bigint as retries,
    max(loop_iteration) as max_loop_iteration,
    sum(input_tokens)::bigint as input_tokens,
    sum(output_tokens)::bigint as output_tokens,
    sum(cost_usd) as cost_usd
from cost_records
where list_contains(getvariable('trace_ids'), trace_id)
    and ${conditions.join(" and ")}
group by trace_id`;
}
