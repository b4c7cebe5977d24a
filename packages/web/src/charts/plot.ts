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
    timeLabels(
      x.ticks(count).map((tick) => tick.getTime()),
      (at) => x(at),
      right,
    ).map(({ at, text, isDay, anchor }) =>
      h(
        "text",
        {
          class: isDay ? "strong" : "",
          x: rounded(x(at)),
          y: bottom + 18,
          "text-anchor": anchor,
        },
        text,
      ),
    ),
  );
}

/** What is written under a tick. */
export interface TimeLabel {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly text: string;
  readonly isDay: boolean;
  readonly anchor: "middle" | "end";
}

/** Of one character of a label, and between two labels. */
const letterWidth = 7;
const labelGap = 6;

/** The labels of ticks that have room beside each other, in their order. A day goes before a time of day. */
export function timeLabels(
  ticks: readonly number[],
  x: (millis: number) => number,
  right: number,
): TimeLabel[] {
  const all = ticks.map((at) => {
    const text = timeTick(at);
    const anchor = x(at) > right - edge ? ("end" as const) : ("middle" as const);
    const width = text.length * letterWidth;
    const from = x(at) - (anchor === "end" ? width : width / 2);
    return { at, text, isDay: text === dayText(at), anchor, from, to: from + width };
  });
  const placed: typeof all = [];
  for (const label of [...all.filter(({ isDay }) => isDay), ...all.filter((one) => !one.isDay)]) {
    const isFree = placed.every(
      ({ from, to }) => label.to + labelGap <= from || to + labelGap <= label.from,
    );
    if (isFree) placed.push(label);
  }
  return placed
    .sort((a, b) => a.at - b.at)
    .map(({ at, text, isDay, anchor }) => ({ at, text, isDay, anchor }));
}
