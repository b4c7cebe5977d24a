import { between, paramsOf, type Range } from "../../src/address/range.ts";
import type { StackChart } from "../../src/charts/chart.ts";
import { StackPicture, stackPlace } from "../../src/charts/stack-chart.ts";
import { counted, instant, money } from "../format.ts";
import { change, linkTo, useAddress, usesFilters } from "../state/address.ts";
import type { Timeline } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";
import { Brush } from "./brush.tsx";
import { huesOf, noValue } from "./hues.ts";
import { Measured } from "./measured.tsx";
import { Failure, Panel } from "./notice.tsx";
import { Table } from "./table.tsx";

/** Dimensions that spend is split by here. Others: the parameter `by`, such as tag:NAME. */
const dimensions = [
  "feature",
  "release",
  "model",
  "service",
  "agent",
  "tool",
  "team",
  "user_id",
  "environment",
  "provider",
  "operation",
  "prompt_name",
  "loop_depth",
  "retry_count",
  "status",
];

/** Spend over time, split by a dimension. Drawing over it sets the window that everything else is about. */
export function TimelinePanel({
  range,
  revision,
}: {
  readonly range: Range;
  readonly revision: string;
}) {
  const { params, path } = useAddress();
  const by = params.get("by") ?? "feature";
  const { since, until } = range.shown;
  const where = usesFilters(path) ? params.getAll("where") : [];
  const run = params.get("run") ?? undefined;
  const asked = useAnswer<Timeline>(
    api("page/timeline", { by, since, until, where, run }),
    revision,
  );
  const timeline = asked.answer;
  const chart = timeline && stackOf(timeline, range);
  return (
    <Panel
      id="timeline"
      title="Spend over time"
      isLoading={asked.isLoading}
      beside={
        <label class="beside">
          split by{" "}
          <select
            value={by}
            onChange={(event) => change({ by: event.currentTarget.value }, "replace")}
          >
            {(dimensions.includes(by) ? dimensions : [by, ...dimensions]).map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
      }
    >
      <Failure error={asked.error} />
      {chart && timeline && (
        <figure>
          <Measured class="brushed">
            {(width) => <BrushedChart {...{ chart, width, range }} step={timeline.step_ms} />}
          </Measured>
          <Legend {...{ chart, timeline, by }} />
          <Numbers {...{ chart, by }} />
        </figure>
      )}
    </Panel>
  );
}

function BrushedChart(props: {
  readonly chart: StackChart;
  readonly width: number;
  readonly range: Range;
  readonly step: number;
}) {
  const { chart, width, range, step } = props;
  const { left, right, top, bottom } = stackPlace(chart, width);
  const { since, until } = chart;
  const value = { since: Date.parse(range.window.since), until: Date.parse(range.window.until) };
  return (
    <>
      <StackPicture {...chart} width={width} />
      <Brush
        ground={{ left, right, top, bottom, since, until, step }}
        value={value}
        onChange={(drawn) => {
          const window = between(drawn.since, drawn.until);
          change({ ...paramsOf({ ...range, window }), live: undefined, offset: undefined });
        }}
      />
    </>
  );
}

/** What each colour stands for, and what it cost; a click looks at that value alone. */
function Legend(props: {
  readonly chart: StackChart;
  readonly timeline: Timeline;
  readonly by: string;
}) {
  const { chart, timeline, by } = props;
  const { params, path } = useAddress();
  const where = usesFilters(path) ? params.getAll("where") : [];
  const others = timeline.rows.filter(({ other }) => other);
  const unpriced = timeline.rows.reduce((sum, row) => sum + row.unpriced_calls, 0);
  return (
    <ul class="legend">
      {timeline.values.map(({ value, cost_usd: cost }, index) => (
        <li key={value}>
          <a
            href={linkTo(usesFilters(path) ? path : "/explain", {
              where: [...where, `${by}=${value ?? noValue}`],
            })}
            title={`Only ${by}=${value ?? noValue}`}
          >
            <Swatch hue={chart.parts[index]?.hue ?? "other"} />
            {value ?? noValue} <span class="amount">{money(cost)}</span>
          </a>
        </li>
      ))}
      {others.length > 0 && (
        <li>
          <Swatch hue="other" />
          all others{" "}
          <span class="amount">
            {money(others.reduce((sum, row) => sum + (row.cost_usd ?? 0), 0))}
          </span>
        </li>
      )}
      {unpriced > 0 && (
        <li class="quiet-text">and {counted(unpriced, "call")} of unknown cost, in no amount</li>
      )}
    </ul>
  );
}

export function Swatch({ hue }: { readonly hue: number | "none" | "other" }) {
  return (
    <svg class={`swatch hue-${hue}`} viewBox="0 0 10 10" aria-hidden="true">
      <rect width="10" height="10" rx="2" />
    </svg>
  );
}

/** The same as numbers, for who cannot see it and who wants them. */
function Numbers({ chart, by }: { readonly chart: StackChart; readonly by: string }) {
  return (
    <details>
      <summary>The numbers of this chart</summary>
      <Table
        label={`Spend over time by ${by}`}
        rows={chart.steps}
        rowKey={({ from }) => String(from)}
        columns={[
          { title: "From (UTC)", cell: ({ from }) => instant(new Date(from).toISOString()) },
          ...chart.parts.map(({ label }, part) => ({
            title: label,
            isNumber: true,
            cell: ({ dollars }: StackChart["steps"][number]) => money(dollars[part] ?? 0),
          })),
        ]}
      />
    </details>
  );
}

function stackOf(timeline: Timeline, { shown, window }: Range): StackChart {
  const values = timeline.values.map(({ value }) => value);
  const hues = huesOf(values);
  const hasOthers = timeline.rows.some(({ other }) => other);
  const places = new Map(values.map((value, index) => [value, index]));
  const steps = new Map<number, number[]>();
  for (const { since, value, other, cost_usd: cost } of timeline.rows) {
    const from = Date.parse(since);
    const dollars =
      steps.get(from) ?? Array.from({ length: values.length + (hasOthers ? 1 : 0) }, () => 0);
    const place = other ? values.length : (places.get(value) ?? values.length);
    dollars[place] = (dollars[place] ?? 0) + (cost ?? 0);
    steps.set(from, dollars);
  }
  const all = timeline.values.reduce((sum, { cost_usd: cost }) => sum + (cost ?? 0), 0);
  const [dearest] = timeline.values;
  return {
    since: Date.parse(shown.since),
    until: Date.parse(shown.until),
    sentence:
      `Spend from ${instant(shown.since)} to ${instant(shown.until)} UTC by ${timeline.by}` +
      (dearest
        ? `: ${money(all)} of the dearest, most of it ${dearest.value ?? noValue} with ${money(dearest.cost_usd)}.`
        : ": nothing.") +
      ` The window is ${instant(window.since)} to ${instant(window.until)}.`,
    parts: [
      ...values.map((value) => ({
        label: value ?? noValue,
        hue: hues.get(value) ?? ("other" as const),
      })),
      ...(hasOthers ? [{ label: "all others", hue: "other" as const }] : []),
    ],
    steps: [...steps].map(([from, dollars]) => ({ from, to: from + timeline.step_ms, dollars })),
    markers: timeline.releases.map(({ release, service, first_seen: at }) => ({
      at: Date.parse(at),
      label: service === null ? release : `${service} ${release}`,
    })),
  };
}
