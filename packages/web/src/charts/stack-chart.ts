import { scaleUtc } from "d3-scale";
import { type ComponentChildren, h } from "preact";
import { dollarScale } from "./axis.ts";
import type { StackChart } from "./chart.ts";
import { Frame, rounded } from "./frame.ts";
import { Markers, markerHeight, placed, rowsOf } from "./markers.ts";
import { DollarGrid, plotEdges, TimeAxis } from "./plot.ts";

const { left, right } = plotEdges;
const plotHeight = 210;
const axisHeight = 28;

/** Where the plot stands in the picture, for what is laid over it. */
export function stackPlace(chart: StackChart, width: number) {
  const x = scaleUtc([chart.since, chart.until], [left, width - right]);
  const markers = placed(
    chart.markers.filter(({ at }) => at >= chart.since && at <= chart.until),
    (at) => x(at),
    width - right,
  );
  const top = 8 + rowsOf(markers) * markerHeight;
  return { x, markers, left, right: width - right, top, bottom: top + plotHeight };
}

/** What was spent over time, in columns of parts, the first of them at the bottom; releases as lines. */
export function StackPicture(props: StackChart & { readonly width: number }): ComponentChildren {
  const { steps, parts, sentence, width } = props;
  const { x, markers, top, bottom } = stackPlace(props, width);
  const totals = steps.map(({ dollars }) => dollars.reduce((sum, part) => sum + part, 0));
  const y = dollarScale(totals, [bottom, top]);
  const sides = { left, right: width - right };
  return h(
    Frame,
    { width, height: bottom + axisHeight, sentence },
    h(DollarGrid, { y, ...sides, count: 4 }),
    parts.map(({ hue }, part) =>
      h(
        "g",
        { class: `hue-${hue}` },
        steps.map(({ from, to, dollars }) => {
          const own = dollars[part] ?? 0;
          if (own <= 0) return null;
          const below = dollars.slice(0, part).reduce((sum, one) => sum + one, 0);
          const [start, end] = [Math.max(left, x(from)), Math.min(width - right, x(to))];
          const gap = end - start > 4 ? 1 : 0;
          return h("rect", {
            x: rounded(start + gap / 2),
            y: rounded(y(below + own)),
            width: Math.max(0.5, rounded(end - start - gap)),
            height: Math.max(0.3, rounded(y(below) - y(below + own))),
          });
        }),
      ),
    ),
    h(Markers, { markers, bottom }),
    h(TimeAxis, { x, y: y(0), bottom, ...sides, count: width > 900 ? 12 : width > 500 ? 8 : 4 }),
  );
}
