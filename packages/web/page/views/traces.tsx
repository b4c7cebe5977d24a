import type { Range } from "../../src/address/range.ts";
import { tracePath } from "../../src/address/views.ts";
import { count, counted, duration, instant, money, rough } from "../format.ts";
import { EmptyWindow } from "../parts/empty-window.tsx";
import { Failure, Panel } from "../parts/notice.tsx";
import { type Column, Table } from "../parts/table.tsx";
import { TimelinePanel } from "../parts/timeline-panel.tsx";
import { change, linkTo, useAddress } from "../state/address.ts";
import type { Now, TraceRow, Traces } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";

/** The traces of the window that have calls that meet the filters, a page at a time. */
export function TracesView({
  now,
  range,
  revision,
}: {
  readonly now: Now;
  readonly range: Range;
  readonly revision: string;
}) {
  const { params } = useAddress();
  const asked = useAnswer<Traces>(
    api("page/traces", {
      ...range.window,
      where: params.getAll("where"),
      sort: params.get("sort") ?? undefined,
      order: params.get("order") ?? undefined,
      offset: params.get("offset") ?? undefined,
      run: params.get("run") ?? undefined,
    }),
    revision,
  );
  const traces = asked.answer;
  return (
    <>
      <TimelinePanel range={range} revision={revision} />
      <Panel
        id="traces"
        title="Traces"
        isLoading={asked.isLoading}
        beside={traces && <Pages traces={traces} />}
      >
        <Failure error={asked.error} />
        {traces?.rows.length === 0 && <EmptyWindow range={range} now={now} />}
        {traces && traces.rows.length > 0 && (
          <>
            <Table
              label="Traces"
              rows={traces.rows}
              rowKey={({ trace_id: id }) => id}
              columns={columnsOf(traces)}
            />
            {params.getAll("where").length > 0 && (
              <p class="quiet-text">
                Figures are of the calls that meet the filters, not of the whole trace.
              </p>
            )}
          </>
        )}
      </Panel>
    </>
  );
}

/** Which page this is, and the way to the ones beside it. */
function Pages({ traces: { traces, offset, limit, rows } }: { readonly traces: Traces }) {
  const { path } = useAddress();
  if (traces === null || rows.length === 0) return null;
  const to = (start: number) =>
    linkTo(path, { ...sorting(), offset: start > 0 ? String(start) : undefined });
  return (
    <span class="beside">
      <span>
        {count(offset + 1)} to {count(offset + rows.length)} of {counted(traces, "trace")}
      </span>
      {offset > 0 && <a href={to(Math.max(0, offset - limit))}>Previous</a>}
      {offset + rows.length < traces && <a href={to(offset + limit)}>Next</a>}
    </span>
  );
}

function sorting(): Record<string, string | undefined> {
  const params = new URLSearchParams(location.search);
  return { sort: params.get("sort") ?? undefined, order: params.get("order") ?? undefined };
}

function columnsOf({ sort, descending }: Traces): readonly Column<TraceRow>[] {
  const sortable = (name: string): NonNullable<Column<TraceRow>["sort"]> => ({
    by: sort === name ? (descending ? "descending" : "ascending") : "none",
    change: () =>
      change(
        { sort: name, order: sort === name && descending ? "asc" : "desc", offset: undefined },
        "replace",
      ),
  });
  return [
    {
      title: "Trace",
      cell: ({ trace_id: id, entry_point: name }) => (
        <a class="value-link" href={linkTo(tracePath(id))} title={id}>
          {name ?? <span class="mono">{id.slice(0, 12)}</span>}
        </a>
      ),
    },
    {
      title: "Cost",
      isNumber: true,
      sort: sortable("cost"),
      cell: ({ cost_usd: cost, unpriced_calls: unpriced }) => (
        <>
          {money(cost)}
          {unpriced > 0 && cost !== null && (
            <span
              class="badge"
              title={`${counted(unpriced, "call")} of unknown cost, not in this amount`}
            >
              + {count(unpriced)} unknown
            </span>
          )}
        </>
      ),
    },
    { title: "Calls", isNumber: true, sort: sortable("calls"), cell: ({ calls }) => count(calls) },
    {
      title: "Longest loop",
      isNumber: true,
      sort: sortable("loop"),
      hint: "Model calls of the longest agent run",
      cell: ({ max_loop_iteration: loop }) => count(loop),
    },
    {
      title: "Retries",
      isNumber: true,
      sort: sortable("retries"),
      cell: ({ retries }) => count(retries),
    },
    {
      title: "Failed",
      isNumber: true,
      isExtra: true,
      cell: ({ failed_calls: failed }) => (failed === 0 ? "–" : count(failed)),
    },
    {
      title: "Input tokens",
      isNumber: true,
      isExtra: true,
      sort: sortable("tokens"),
      cell: ({ input_tokens: tokens }) => rough(tokens),
    },
    {
      title: "Output",
      isNumber: true,
      isExtra: true,
      cell: ({ output_tokens: tokens }) => rough(tokens),
    },
    {
      title: "Duration",
      isNumber: true,
      isExtra: true,
      sort: sortable("duration"),
      cell: ({ duration_ms: millis }) => duration(millis),
    },
    {
      title: "Started (UTC)",
      isExtra: true,
      sort: sortable("started"),
      cell: ({ started_at: at }) => <span class="nowrap">{instant(at)}</span>,
    },
    {
      title: "Feature",
      isExtra: true,
      cell: ({ features }) => (
        <span class="value-link" title={features ?? undefined}>
          {features ?? "–"}
        </span>
      ),
    },
    {
      title: "Release",
      isExtra: true,
      cell: ({ releases }) => <span class="nowrap">{releases ?? "–"}</span>,
    },
    {
      title: "Models",
      isExtra: true,
      cell: ({ models }) => (
        <span class="value-link" title={models ?? undefined}>
          {models ?? "–"}
        </span>
      ),
    },
  ];
}
