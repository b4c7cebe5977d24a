import type { ScaleLinear, ScaleTime } from "d3-scale";
import { type ComponentChildren, h } from "preact";
import { dayText, dollarTick, timeTick } from "./axis.ts";
import { rounded } from "./frame.ts";

/** Room beside the plot of a chart over time, for dollars on the left as long as "$0.00008". */
export const plotEdges = { left: 66, right: 14 } as const;

interface Sides {
  readonly left: number;
  readonly right: number;
}

/** Lines across the plot with their dollars on the left. */
export function DollarGrid(
  props: Sides & { readonly y: ScaleLinear<number, number>; readonly count: number },
): ComponentChildren {
  const { y, left, right, count } = props;
  const ticks = y.ticks(count);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  return h(
    "g",
    null,
    ticks.map((tick) => [
      h("line", {
        class: "grid",
        x1: left,
        x2: right,
        y1: rounded(y(tick)),
        y2: rounded(y(tick)),
      }),
      h(
        "text",
        { x: left - 6, y: rounded(y(tick)) + 4, "text-anchor": "end" },
        dollarTick(tick, step),
      ),
    ]),
  );
}

/** Of a tick this near to the right edge the label would reach over it. */
const edge = 16;

/** Times under the plot: the day where one begins, else the time of day. */
export function TimeAxis(
  props: Sides & {
    readonly x: ScaleTime<number, number>;
    readonly y: number;
    readonly bottom: number;
    readonly count: number;
  },
): ComponentChildren {
  const { x, y, bottom, left, right, count } = props;
  return h(
    "g",
    null,
    h("line", { class: "axis", x1: left, x2: right, y1: rounded(y), y2: rounded(y) }),
    x.ticks(count).map((tick) => {
      const at = tick.getTime();
      const isDay = timeTick(at) === dayText(at);
      return h(
        "text",
        {
          class: isDay ? "strong" : "",
          x: rounded(x(at)),
          y: bottom + 18,
          "text-anchor": x(at) > right - edge ? "end" : "middle",
        },
        timeTick(at),
      );
    }),
  );
}
