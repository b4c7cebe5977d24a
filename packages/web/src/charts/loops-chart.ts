import { scaleBand } from "d3-scale";
import { type ComponentChildren, h } from "preact";
import { dollarScale, dollarTick } from "./axis.ts";
import type { Chart } from "./chart.ts";
import { Frame, rounded } from "./frame.ts";
import { plotEdges } from "./plot.ts";

type LoopsChart = Extract<Chart, { kind: "loops" }>;

const { left } = plotEdges;
const right = 8;
const top = 30;
const plotHeight = 180;

/** What each place in the agent run costs a request, the window's bar beside the baseline's. */
export function LoopsPicture(
  props: LoopsChart & { width: number; alone?: boolean },
): ComponentChildren {
  const { points, sentence, width, alone } = props;
  const bottom = top + plotHeight;
  const x = scaleBand(
    points.map(({ label }) => label),
    [left, width - right],
  ).padding(0.25);
  const y = dollarScale(
    points.flatMap(({ now = 0, before = 0 }) => [now, before]),
    [bottom, top],
  );
  const ticks = y.ticks(4);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  const half = x.bandwidth() / 2;
  const bar = (look: string, label: string, side: 0 | 1, dollars: number | undefined) =>
    dollars !== undefined &&
    dollars > 0 &&
    h("rect", {
      class: look,
      x: rounded((x(label) ?? 0) + side * half),
      y: rounded(y(dollars)),
      width: rounded(half - 1),
      height: Math.max(0.5, rounded(y(0) - y(dollars))),
    });
  return h(
    Frame,
    { width, height: bottom + 44, sentence, alone },
    h("rect", { class: "total", x: left, y: 8, width: 10, height: 10 }),
    h("text", { x: left + 16, y: 17 }, "baseline"),
    h("rect", { class: "inside", x: left + 84, y: 8, width: 10, height: 10 }),
    h("text", { x: left + 100, y: 17 }, "window"),
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
    points.map(({ label, now, before }) => [
      bar("total", label, 0, before),
      bar("inside", label, 1, now),
      h(
        "text",
        { x: rounded((x(label) ?? 0) + half), y: bottom + 17, "text-anchor": "middle" },
        // In a narrow picture there is room for where a bar begins only.
        width > 500 ? label : label.replace(/–.*/, ""),
      ),
    ]),
    h("line", { class: "axis", x1: left, x2: width - right, y1: bottom, y2: bottom }),
    h(
      "text",
      { x: (left + width - right) / 2, y: bottom + 36, "text-anchor": "middle" },
      "call of the agent run",
    ),
  );
}
