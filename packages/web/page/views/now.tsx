import type { ComponentChildren } from "preact";
import { between, paramsOf, type Range } from "../../src/address/range.ts";
import { TimelinePicture } from "../../src/charts/timeline-chart.ts";
import { count, counted, duration, instant, money, percent, times } from "../format.ts";
import { Budgets } from "../parts/budgets.tsx";
import { Measured } from "../parts/measured.tsx";
import { Failure, Panel, Warnings } from "../parts/notice.tsx";
import { Table } from "../parts/table.tsx";
import { TimelinePanel } from "../parts/timeline-panel.tsx";
import { linkTo } from "../state/address.ts";
import type { Explanation, Now, SpikeAnswer } from "../state/answers.ts";
import { api, useAnswer } from "../state/ask.ts";
import type { Revision } from "../state/now.ts";

/** What is spent now, whether that is usual, how fresh the figures are and how far to trust them. */
export function NowView(props: {
  readonly now: Now;
  readonly range: Range;
  readonly revision: Revision;
}) {
  const { now, range, revision } = props;
  return (
    <>
      <Figures now={now} />
      <Warnings warnings={now.warnings} />
      <Spike revision={revision.minute} range={range} />
      {now.has_budgets && <Budgets revision={revision.minute} now={now} />}
      <TimelinePanel range={range} revision={revision.calls} />
      <div class="columns">
        <LastDay now={now} />
        <Features now={now} />
      </div>
    </>
  );
}

function Figures({ now }: { readonly now: Now }) {
  const { hour, today, trust } = now;
  const rate = times(hour?.cost_usd, hour?.usual_usd);
  const soFar = times(today?.cost_usd, today?.usual_usd);
  return (
    <dl class="figures">
      <Figure
        label={now.live ? "Spend rate, last hour" : `Spend rate, last hour with calls`}
        value={hour && hour.calls > 0 ? `${money(hour.cost_usd)} / h` : "no calls"}
        isHigh={isHigh(hour?.cost_usd, hour?.usual_high_usd)}
        note={
          hour && hour.usual_days > 0
            ? `${rate ? `${rate} the usual` : "usual"} ${money(hour.usual_usd)} of this hour (${money(hour.usual_low_usd)} to ${money(hour.usual_high_usd)} on ${counted(hour.usual_days, "day")} before)`
            : "no earlier day to compare with"
        }
      />
      <Figure
        label={now.live ? "Today so far" : `On ${now.window?.until.slice(0, 10)}`}
        value={today && today.calls > 0 ? money(today.cost_usd) : "no calls"}
        isHigh={isHigh(today?.cost_usd, today?.usual_high_usd)}
        note={
          today && today.usual_days > 0
            ? `${soFar ? `${soFar} the usual` : "usual"} ${money(today.usual_usd)} by this time of day (UTC)`
            : "no earlier day to compare with"
        }
      />
      <Figure
        label="Last call"
        value={ageOf(now)}
        note={`${instant(now.last_call)} UTC${now.live ? "" : ": all here is as of then"}`}
      />
      <Figure
        label="Priced, last 24 hours"
        value={percent(trust.priced_share)}
        isHigh={(trust.priced_share ?? 1) < 0.95}
        note={
          <>
            of {counted(trust.calls ?? 0, "call")}
            {(trust.unpriced_calls ?? 0) > 0 && (
              <>
                {"; "}
                <a href={linkTo("/quality")}>{count(trust.unpriced_calls)} of unknown cost</a>
              </>
            )}
          </>
        }
      />
      <Figure
        label="Attributed to a feature"
        value={percent(trust.attributed_share)}
        isHigh={(trust.attributed_share ?? 1) < 0.9}
        note={`with a release: ${percent(trust.attributed_share_by?.["release"])}`}
      />
    </dl>
  );
}

function Figure(props: {
  readonly label: string;
  readonly value: string;
  readonly note: ComponentChildren;
  readonly isHigh?: boolean;
}) {
  return (
    <div class={props.isHigh ? "high" : undefined}>
      <dt>{props.label}</dt>
      <dd class="value">{props.value}</dd>
      <dd class="note">
        {props.isHigh && <span class="mark">▲ </span>}
        {props.note}
      </dd>
    </div>
  );
}

/** Above all that the days before had. */
function isHigh(now: number | null | undefined, high: number | null | undefined): boolean {
  return typeof now === "number" && typeof high === "number" && now > high;
}

function ageOf({ last_call: last }: Now): string {
  const age = Date.now() - Date.parse(last ?? "");
  return age < 1_000 ? "just now" : `${duration(age)} ago`;
}

/** Whether the last day that is stored holds a spike. What it comes from is asked only where there is one. */
function Spike({ revision, range }: { readonly revision: string; readonly range: Range }) {
  const { answer, error } = useAnswer<SpikeAnswer>(api("page/spike"), revision);
  const spike = answer?.window ?? undefined;
  const explained = useAnswer<Explanation>(spike && api("explain", { ...spike }), revision);
  if (error !== undefined) return <Failure error={error} />;
  if (!answer?.detection) return null;
  const { sentence } = answer.detection;
  if (spike === undefined) return <p class="calm">{sentence}</p>;
  const window = between(Date.parse(spike.since), Date.parse(spike.until));
  return (
    <div class="spike" role="status">
      <div>
        <p>
          <strong>{sentence}</strong>
        </p>
        <p>
          {explained.answer?.summary ??
            explained.error ??
            "What it comes from is being worked out …"}
        </p>
      </div>
      <a
        class="button strong"
        href={linkTo("/explain", { ...paramsOf({ ...range, window }), where: undefined })}
      >
        Explain this spike
      </a>
    </div>
  );
}

function LastDay({ now }: { readonly now: Now }) {
  const points = now.hours.map((hour) => ({
    from: Date.parse(hour.since),
    to: Date.parse(hour.until),
    dollars: hour.cost_usd ?? 0,
    usual:
      hour.usual_days > 0
        ? {
            low: hour.usual_low_usd ?? 0,
            middle: hour.usual_usd ?? 0,
            high: hour.usual_high_usd ?? 0,
          }
        : undefined,
  }));
  const [hour] = now.hours.slice(-1);
  const last = { since: Date.parse(hour?.since ?? ""), until: Date.parse(hour?.until ?? "") };
  const sentence = `Spend of the last 24 hours, hour by hour, beside the same hours of the days before. The last hour: ${money(hour?.cost_usd)}, usually ${money(hour?.usual_usd)}.`;
  return (
    <Panel id="day" title="Last 24 hours beside the usual">
      <figure>
        <Measured>
          {(width) => (
            <TimelinePicture
              kind="timeline"
              {...{ points, sentence, width }}
              window={last}
              markers={[]}
              names={["last hour", "before it"]}
            />
          )}
        </Measured>
        <details>
          <summary>The numbers of this chart</summary>
          <Table
            label="Last 24 hours"
            rows={now.hours}
            rowKey={({ since }) => since}
            columns={[
              { title: "Hour from (UTC)", cell: ({ since }) => instant(since) },
              { title: "Cost", isNumber: true, cell: ({ cost_usd: cost }) => money(cost) },
              {
                title: "Usual",
                isNumber: true,
                cell: ({ usual_usd: cost, usual_days: days }) => (days > 0 ? money(cost) : "–"),
              },
              { title: "Calls", isNumber: true, cell: ({ calls }) => count(calls) },
            ]}
          />
        </details>
      </figure>
    </Panel>
  );
}

function Features({ now }: { readonly now: Now }) {
  const hidden = (now.rows[0]?.features ?? 0) - now.rows.length;
  return (
    <Panel id="features" title="Where it goes">
      <Table
        label="Features by what they cost"
        rows={now.rows}
        rowKey={({ feature }) => String(feature)}
        columns={[
          {
            title: "Feature",
            cell: ({ feature }) => (
              <a href={linkTo("/explain", { where: `feature=${feature ?? "(none)"}` })}>
                {feature ?? "(none)"}
              </a>
            ),
          },
          {
            title: "Last hour",
            isNumber: true,
            cell: ({ hour_cost_usd: cost }) => (cost === null ? "–" : money(cost)),
          },
          {
            title: "Mean hour",
            hint: "Of that hour on the days before",
            isNumber: true,
            isExtra: true,
            cell: ({ usual_hour_usd: cost }) => (cost === null ? "–" : money(cost)),
          },
          { title: "24 hours", isNumber: true, cell: ({ day_cost_usd: cost }) => money(cost) },
          {
            title: "Mean day",
            hint: "Of 24 hours on the days before",
            isNumber: true,
            isExtra: true,
            cell: ({ usual_day_usd: cost }) => (cost === null ? "–" : money(cost)),
          },
          {
            title: "×",
            hint: "The last 24 hours beside the mean day before",
            isNumber: true,
            cell: ({ day_cost_usd: cost, usual_day_usd: usual }) => times(cost, usual) ?? "–",
          },
        ]}
      />
      {hidden > 0 && <p class="quiet-text">and {hidden} more</p>}
    </Panel>
  );
}
