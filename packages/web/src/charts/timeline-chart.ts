import { scaleUtc } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import { type ComponentChildren, h } from "preact";
import { dayText, dollarScale, dollarTick, timeTick } from "./axis.ts";
import type { Chart, Marker, TimelinePoint } from "./chart.ts";
import { Frame, rounded, shortened } from "./frame.ts";

type TimelineChart = Extract<Chart, { kind: "timeline" }>;

const left = 52;
const right = 14;
const plotHeight = 220;
const axisHeight = 56;
const markerHeight = 18;

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
    width,
  );
  const rows = markers.reduce((most, { row }) => Math.max(most, row + 1), 0);
  const top = 8 + rows * markerHeight;
  const bottom = top + plotHeight;
  const y = dollarScale(
    points.flatMap(({ dollars, usual }) => [dollars, usual?.high ?? 0]),
    [bottom, top],
  );
  const ticks = y.ticks(4);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
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
    ticks.map((tick) => [
      h("line", {
        class: "grid",
        x1: left,
        x2: width - right,
        y1: rounded(y(tick)),
        y2: rounded(y(tick)),
      }),
      h(
        "text",
        { x: left - 6, y: rounded(y(tick)) + 4, "text-anchor": "end" },
        dollarTick(tick, step),
      ),
    ]),
    h(Bars, { points, window, x, y }),
    h(Usual, { points, x, y }),
    markers.map(({ marker, row, x: at, anchor }) => [
      h("line", {
        class: "marker",
        x1: rounded(at),
        x2: rounded(at),
        y1: 12 + row * markerHeight,
        y2: bottom,
      }),
      h(
        "text",
        {
          class: "ink",
          x: rounded(at) + (anchor === "start" ? 4 : -4),
          y: 16 + row * markerHeight,
          "text-anchor": anchor,
        },
        shortened(marker.label, lettersOfMarker),
      ),
    ]),
    h("line", { class: "axis", x1: left, x2: width - right, y1: rounded(y(0)), y2: rounded(y(0)) }),
    x.ticks(width > 500 ? 8 : 4).map((tick) => {
      const at = tick.getTime();
      const isDay = timeTick(at) === dayText(at);
      return h(
        "text",
        {
          class: isDay ? "strong" : "",
          x: rounded(x(at)),
          y: bottom + 18,
          "text-anchor": x(at) > width - right - edge ? "end" : "middle",
        },
        timeTick(at),
      );
    }),
    h(Legend, { y: bottom + 36 }),
  );
}

/** Of a tick this near to the right edge the label would reach over it. */
const edge = 16;

function Legend({ y }: { readonly y: number }): ComponentChildren {
  return h(
    "g",
    null,
    h("rect", { class: "inside", x: left, y, width: 12, height: 10 }),
    h("text", { x: left + 18, y: y + 9 }, "this window"),
    h("rect", { class: "spend", x: left + 104, y, width: 12, height: 10 }),
    h("text", { x: left + 122, y: y + 9 }, "around it"),
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

const lettersOfMarker = 30;
const letterWidth = 6.6;

interface PlacedMarker {
  readonly marker: Marker;
  readonly row: number;
  readonly x: number;
  readonly anchor: "start" | "end";
}

/** Labels in as many rows as it takes for none to lie on another. */
function placed(
  markers: readonly Marker[],
  x: (at: number) => number,
  width: number,
): PlacedMarker[] {
  const ends: { readonly row: number; readonly from: number; readonly to: number }[] = [];
  return markers.map((marker) => {
    const at = x(marker.at);
    const size = Math.min([...marker.label].length, lettersOfMarker) * letterWidth + 10;
    const anchor = at + size > width - right ? "end" : "start";
    const [from, to] = anchor === "start" ? [at, at + size] : [at - size, at];
    let row = 0;
    while (ends.some((one) => one.row === row && one.from < to && one.to > from)) row += 1;
    ends.push({ row, from, to });
    return { marker, row, x: at, anchor };
  });
}
