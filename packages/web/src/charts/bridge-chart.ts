import { type ComponentChildren, h } from "preact";
import { dollarScale, dollarTick } from "./axis.ts";
import type { BridgeStep, Chart } from "./chart.ts";
import { Frame, rounded, shortened } from "./frame.ts";

type BridgeChart = Extract<Chart, { kind: "bridge" }>;

const rowHeight = 30;
const barHeight = 18;
const top = 8;
const axisHeight = 28;

/** The steps from one amount to another, from top to bottom, each beginning where the one before it ended. */
export function BridgeChartPicture(
  props: BridgeChart & { width: number; alone?: boolean },
): ComponentChildren {
  const { steps, sentence, width, alone } = props;
  const wide = width > 500;
  const left = wide ? 190 : 140;
  const right = wide ? 96 : 64;
  const spans = spansOf(steps);
  const x = dollarScale(
    spans.flatMap(({ from, to }) => [from, to]),
    [left, width - right],
  );
  const bottom = top + steps.length * rowHeight;
  const ticks = x.ticks(wide ? 6 : 3);
  const step = (ticks[1] ?? 1) - (ticks[0] ?? 0);
  return h(
    Frame,
    { width, height: bottom + axisHeight, sentence, alone },
    ticks.map((tick) => [
      h("line", { class: "grid", x1: rounded(x(tick)), x2: rounded(x(tick)), y1: top, y2: bottom }),
      h(
        "text",
        { x: rounded(x(tick)), y: bottom + 18, "text-anchor": "middle" },
        dollarTick(tick, step),
      ),
    ]),
    spans.map((span, index) =>
      h(Row, { span, next: spans[index + 1], x, y: top + index * rowHeight, left, wide }),
    ),
  );
}

interface Span extends BridgeStep {
  readonly from: number;
  readonly to: number;
}

function spansOf(steps: readonly BridgeStep[]): Span[] {
  let level = 0;
  return steps.map((step) => {
    const from = step.kind === "total" ? 0 : level;
    level = step.kind === "total" ? step.amount : level + step.amount;
    return { ...step, from, to: level };
  });
}

interface RowProps {
  readonly span: Span;
  readonly next: Span | undefined;
  readonly x: (value: number) => number;
  readonly y: number;
  readonly left: number;
  readonly wide: boolean;
}

function Row({ span, next, x, y, left, wide }: RowProps): ComponentChildren {
  const { from, to, kind, amount, label, text } = span;
  const [start, end] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
  const middle = y + rowHeight / 2;
  const isTotal = kind === "total";
  const look = isTotal ? "total" : amount < 0 ? "cheaper" : "dearer";
  return h(
    "g",
    null,
    h(
      "text",
      { class: isTotal ? "strong" : "ink", x: left - 10, y: middle + 4, "text-anchor": "end" },
      shortened(label, wide ? 28 : 20),
    ),
    amount !== 0 &&
      h("rect", {
        class: look,
        x: rounded(start),
        y: middle - barHeight / 2,
        width: Math.max(1, rounded(end - start)),
        height: barHeight,
        rx: 2,
      }),
    next !== undefined &&
      h("line", {
        class: "joint",
        x1: rounded(x(to)),
        x2: rounded(x(to)),
        y1: middle + barHeight / 2,
        y2: middle + rowHeight - barHeight / 2,
      }),
    h("text", { class: isTotal ? "strong" : "ink", x: rounded(end) + 6, y: middle + 4 }, text),
  );
}
