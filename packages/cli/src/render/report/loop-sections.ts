import type { Block, Chart, Section, Text } from "@spancost/web";
import type { ReportEnvelope } from "../../commands/report.ts";
import type { Row } from "../../envelope/envelope.ts";
import type { PictureName } from "./document-files.ts";
import { dollars, placeOf } from "./summary-sections.ts";
import {
  counted,
  money,
  numberOf,
  percent,
  rowsOf,
  share,
  short,
  tableOf,
  textOf,
} from "./words.ts";

/** What long agent runs and repeated attempts cost. */
export function loopSections(envelope: ReportEnvelope): Section[] {
  return [
    { id: "loops", title: "Agent loops", blocks: [...curve(envelope), ...runaways(envelope)] },
    { id: "waste", title: "Retries and other waste", blocks: waste(envelope) },
  ];
}

function curve({ loops, looked_at: looked, cost_usd: cost }: ReportEnvelope): Block[] {
  const steps = rowsOf(loops["steps"]);
  if (steps.length < 2) return [{ kind: "text", text: ["No agent run made more than one call."] }];
  const points = steps.map((step) => {
    // Where a bar stands for several calls, it is as high as each of them on average.
    const places = Number(step["to_iteration"]) - Number(step["from_iteration"]) + 1;
    const each = (name: string) => {
      const all = numberOf(step[name]);
      return all === undefined ? undefined : all / places;
    };
    return {
      label: placesOf(step),
      now: each("mean_cost_per_request_usd"),
      before: each("baseline_mean_cost_per_request_usd"),
    };
  });
  const resent = numberOf(loops["resent_share"]);
  const place = placeOf(looked) || "all features";
  const late = steps.filter(({ from_iteration: from }) => Number(from) > lateCall);
  const lateCost = late.reduce((sum, { cost_usd: one }) => sum + Number(one), 0);
  const sentence =
    late.length === 0
      ? "No run goes beyond its 8th call."
      : `Calls after the 8th of their run cost ${money(roundedMoney(lateCost))}, ${share(lateCost / (Number(cost) || 1))} of the window.`;
  const chart: Chart = {
    kind: "loops",
    sentence: `Cost per request by the place of a call in its agent run, in ${place}. ${sentence}`,
    points,
  };
  const text: Text = [
    `What each call of an agent run costs a request, in `,
    { strong: place },
    `. ${sentence}`,
    ...(resent === undefined
      ? []
      : [
          ` Of the input of all calls after the first, at most ${percent(resent)} had been sent or received before in the same run: context that is paid for again.`,
        ]),
  ];
  const table = tableOf(
    ["Call", ">Calls", ">Cost", ">Per request", ">usual", ">Per call", ">usual", ">Sent again"],
    steps.map((step) => [
      placesOf(step),
      short(numberOf(step["calls"])),
      money(step["cost_usd"]),
      ...[
        "mean_cost_per_request_usd",
        "baseline_mean_cost_per_request_usd",
        "mean_cost_per_call_usd",
        "baseline_mean_cost_per_call_usd",
      ].map((name) => dollars(numberOf(step[name]))),
      share(numberOf(step["resent_share"])),
    ]),
  );
  return [
    { kind: "text", text },
    { kind: "chart", name: "loops" satisfies PictureName, chart, table },
  ];
}

const lateCall = 8;

function placesOf({ from_iteration: from, to_iteration: to }: Row): string {
  return from === to ? String(from) : `${from}–${to}`;
}

function roundedMoney(amount: number): number {
  return Number(amount.toPrecision(12));
}

function runaways({ runaway_runs: found }: ReportEnvelope): Block[] {
  if (found === null) {
    return [{ kind: "text", text: ["Without a baseline no run can be called longer than usual."] }];
  }
  const runs = Number(found["runs"]);
  const rule =
    "A run is called runaway where it has at least 10 calls, and twice as many as 95 % of such runs had in the baseline.";
  if (runs === 0) return [{ kind: "text", text: [`There are no runaway runs. ${rule}`] }];
  const dearest = rowsOf(found["dearest"]).slice(0, mostRuns);
  return [
    { kind: "heading", text: ["Runaway runs"] },
    {
      kind: "text",
      text: [
        `${counted(runs, "run")} went on far longer than usual and cost ${money(found["cost_usd"])}. ${rule}${dearest.length < runs ? ` The ${dearest.length} dearest:` : ""}`,
      ],
    },
    {
      kind: "table",
      table: tableOf(
        ["Trace", "Feature", "Agent", "Release", ">Calls in a row", ">Usual", ">Cost"],
        dearest.map((run) => [
          [{ code: textOf(run["trace_id"]).slice(0, traceIdLength) }],
          ...["feature", "agent", "release"].map((name): Text => nameOrDash(run[name])),
          short(numberOf(run["steps"])),
          short(numberOf(run["usual_steps"])),
          money(run["cost_usd"]),
        ]),
      ),
    },
  ];
}

const traceIdLength = 12;
const mostRuns = 10;

function nameOrDash(cell: Row[string] | undefined): Text {
  return cell === null || cell === undefined ? ["–"] : [{ code: textOf(cell) }];
}

const reasons: Readonly<Record<string, string>> = {
  superseded_attempt: "billed, then tried again",
  fallback: "failed, then another model answered",
  aborted_stream: "cut off",
  failed_after_billing: "failed after it was billed",
  refused_attempt: "refused by the provider (not billed)",
  timed_out_attempt: "timed out (may have been billed)",
  untold_attempt: "an attempt of which nothing is told (may have been billed)",
};

function waste({ waste: all, cost_usd: cost }: ReportEnvelope): Block[] {
  if (all.length === 0)
    return [{ kind: "text", text: ["No attempt was repeated, cut off or failed."] }];
  const known = all.reduce((sum, one) => sum + Number(one["cost_usd"]), 0);
  return [
    {
      kind: "text",
      text: [
        known === 0
          ? "As far as costs are known, nothing was paid for answers that nobody used."
          : `${money(roundedMoney(known))} was paid for answers that nobody used, ${share(known / (Number(cost) || 1))} of the window.`,
      ],
    },
    {
      kind: "table",
      table: tableOf(
        ["Reason", ">Attempts", ">of unknown cost", ">Cost", ">Usual", "Example"],
        all.map((one) => [
          reasons[textOf(one["reason"])] ?? textOf(one["reason"]),
          short(numberOf(one["attempts"])),
          short(numberOf(one["attempts_of_unknown_cost"])),
          money(one["cost_usd"]),
          one["baseline_cost_usd"] === null ? "–" : money(one["baseline_cost_usd"]),
          one["example_trace_id"] === null
            ? ["–"]
            : [{ code: textOf(one["example_trace_id"]).slice(0, traceIdLength) }],
        ]),
      ),
    },
  ];
}
