import { scaleUtc } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { type ComponentChildren, h } from "preact";
import { dollarScale } from "./axis.ts";
import type { Chart, TimelinePoint } from "./chart.ts";
import { Frame, rounded } from "./frame.ts";
import { Markers, markerHeight, placed, rowsOf } from "./markers.ts";
import { DollarGrid, plotEdges, TimeAxis } from "./plot.ts";

type TimelineChart = Extract<Chart, { kind: "timeline" }>;

const { left, right } = plotEdges;
const plotHeight = 220;
const axisHeight = 56;

/** What was spent over time, as bars; behind them what is usual; the window set off; releases as lines. */
export function TimelinePicture(
  props: TimelineChart & { width: number; alone?: boolean },
): ComponentChildren {
  const { points, window, sentence, width, alone } = props;
  const start = points[0]?.from ?? window.since;
  const end = points.at(-1)?.to ?? window.until;
  const x = scaleUtc([start, end], [left, width - right]);
  const markers = placed(
    props.markers.filter(({ at }) => at >= start && at <= end),
    (at) => x(at),
    width - right,
  );
  const top = 8 + rowsOf(markers) * markerHeight;
  const bottom = top + plotHeight;
  const y = dollarScale(
    points.flatMap(({ dollars, usual }) => [dollars, usual?.high ?? 0]),
    [bottom, top],
  );
  const [from, to] = [x(Math.max(start, window.since)), x(Math.min(end, window.until))];
  return h(
    Frame,
    { width, height: bottom + axisHeight, sentence, alone },
    h("rect", {
      class: "shade",
      x: rounded(from),
      y: top,
      width: rounded(to - from),
      height: plotHeight,
    }),
    h(DollarGrid, { y, left, right: width - right, count: 4 }),
    h(Bars, { points, window, x, y }),
    h(Usual, { points, x, y }),
    h(Markers, { markers, bottom }),
    h(TimeAxis, {
      x,
      y: y(0),
      bottom,
      left,
      right: width - right,
      count: width > 500 ? 8 : 4,
    }),
    h(Legend, { y: bottom + 36, names: props.names ?? ["this window", "around it"] }),
  );
}

interface LegendProps {
  readonly y: number;
  readonly names: readonly [inside: string, around: string];
}

function Legend({ y, names }: LegendProps): ComponentChildren {
  return h(
    "g",
    null,
    h("rect", { class: "inside", x: left, y, width: 12, height: 10 }),
    h("text", { x: left + 18, y: y + 9 }, names[0]),
    h("rect", { class: "spend", x: left + 104, y, width: 12, height: 10 }),
    h("text", { x: left + 122, y: y + 9 }, names[1]),
    h("rect", { class: "band", x: left + 192, y, width: 16, height: 10 }),
    h("line", { class: "middle", x1: left + 192, x2: left + 208, y1: y + 5, y2: y + 5 }),
    h("text", { x: left + 214, y: y + 9 }, "usual"),
  );
}

interface Scales {
  readonly points: readonly TimelinePoint[];
  readonly x: (millis: number) => number;
  readonly y: (dollars: number) => number;
}

function Bars({ points, window, x, y }: Scales & Pick<TimelineChart, "window">): ComponentChildren {
  const gap = points.length > 100 ? 0 : 1;
  return h(
    "g",
    null,
    points.map(({ from, to, dollars }) => {
      const isInside = from < window.until && to > window.since;
      return h("rect", {
        class: isInside ? "inside" : "spend",
        x: rounded(x(from) + gap / 2),
        y: rounded(y(dollars)),
        width: Math.max(0.5, rounded(x(to) - x(from) - gap)),
        height: rounded(y(0) - y(dollars)),
      });
    }),
  );
}

/** The band of comparable days, with their middle as a line. */
function Usual({ points, x, y }: Scales): ComponentChildren {
  const last = points.at(-1);
  // A step chart needs to be told where its last step ends.
  const ends = last === undefined ? [...points] : [...points, { ...last, from: last.to }];
  const hasUsual = ({ usual }: TimelinePoint) => usual !== undefined;
  const band = area<TimelinePoint>()
    .defined(hasUsual)
    .x(({ from }) => rounded(x(from)))
    .y0(({ usual }) => rounded(y(usual?.low ?? 0)))
    .y1(({ usual }) => rounded(y(usual?.high ?? 0)))
    .curve(curveStepAfter);
  const middle = line<TimelinePoint>()
    .defined(hasUsual)
    .x(({ from }) => rounded(x(from)))
    .y(({ usual }) => rounded(y(usual?.middle ?? 0)))
    .curve(curveStepAfter);
  return h(
    "g",
    null,
    h("path", { class: "band", d: band(ends) ?? "" }),
    h("path", { class: "middle", d: middle(ends) ?? "" }),
  );
}
