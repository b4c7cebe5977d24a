import type { Block, Chart } from "@spancost/web";
import type { ReportEnvelope } from "../../commands/report.ts";
import type { Row } from "../../envelope/envelope.ts";
import { plain } from "../../flags/window.ts";
import type { PictureName } from "./document-files.ts";
import { instantWords, windowWords } from "./instants.ts";
import { money, numberOf, tableOf, textOf } from "./words.ts";

/** Cost by hour, beside what such hours usually cost. */
export function timeline(envelope: ReportEnvelope): Block[] {
  const { window, timeline: steps, releases } = envelope;
  if (window === null || steps.length === 0) return [];
  const points = steps.map((step) => ({
    from: Date.parse(textOf(step["since"])),
    to: Date.parse(textOf(step["until"])),
    dollars: numberOf(step["spent_usd"]) ?? 0,
    usual: usualOf(step),
  }));
  const inside = points.filter(
    ({ from, to }) => to > Date.parse(window.since) && from < Date.parse(window.until),
  );
  const peak = inside.reduce((most, point) => (point.dollars > most.dollars ? point : most), {
    from: 0,
    to: 1,
    dollars: 0,
    usual: undefined as { readonly middle: number } | undefined,
  });
  const hours = Math.round((peak.to - peak.from) / 3_600_000);
  const stretch = hours === 1 ? "hour" : `${hours} hours`;
  const usual = peak.usual === undefined ? "" : `, where ${money(peak.usual.middle)} is usual`;
  const sentence = `The dearest ${stretch} began on ${instantWords(new Date(peak.from).toISOString())} and cost ${money(peak.dollars)}${usual}.`;
  const markers = firstCalls(releases, points);
  const chart: Chart = {
    kind: "timeline",
    sentence: `Cost over time. Window ${windowWords(window)}. ${sentence}`,
    points,
    window: { since: Date.parse(window.since), until: Date.parse(window.until) },
    markers,
  };
  const table = tableOf(
    ["From (UTC)", "To", ">Cost", ">Usual", ">Usual from", ">Usual to"],
    steps.map((step) => [
      plain(textOf(step["since"])),
      plain(textOf(step["until"])),
      money(step["spent_usd"]),
      ...["usual_usd", "usual_low_usd", "usual_high_usd"].map((name) =>
        (step[name] ?? null) === null ? "–" : money(step[name]),
      ),
    ]),
  );
  return [
    {
      kind: "text",
      text: [
        `${sentence} The band is where 8 of 10 comparable days lie, the line their middle.${markers.length > 0 ? " Dotted lines are the first calls of new releases." : ""}`,
      ],
    },
    { kind: "chart", name: "timeline" satisfies PictureName, chart, table },
  ];
}

const mostMarkers = 5;

/** The releases that came within the chart. One that is new beside the baseline may have come before it begins. */
function firstCalls(
  releases: readonly Row[],
  points: readonly { readonly from: number; readonly to: number }[],
) {
  const [start, end] = [points[0]?.from ?? 0, points.at(-1)?.to ?? 0];
  return releases
    .map((release) => ({
      at: Date.parse(textOf(release["first_seen"])),
      label: `${textOf(release["service"])} ${textOf(release["release"])}`.trim(),
    }))
    .filter(({ at }) => at >= start && at < end)
    .slice(0, mostMarkers);
}

function usualOf(step: Row) {
  const [low, middle, high] = ["usual_low_usd", "usual_usd", "usual_high_usd"].map((name) =>
    numberOf(step[name]),
  );
  if (low === undefined || middle === undefined || high === undefined) return undefined;
  return { low, middle, high };
}
