import { type ComponentChildren, h } from "preact";
import { chartStyle } from "./chart-style.ts";

/** How wide a picture is drawn, in units of a twelfth of its letters; where it stands it fills its place. */
export type Width = 860 | 380;

export interface FrameProps {
  readonly width: number;
  readonly height: number;
  /** What the picture says, for who cannot see it. */
  readonly sentence: string;
  /** It is a file of its own: it brings its colours along. */
  readonly alone?: boolean | undefined;
  readonly children?: ComponentChildren;
}

/** An SVG element that reads as one sentence. */
export function Frame({
  width,
  height,
  sentence,
  alone = false,
  children,
}: FrameProps): ComponentChildren {
  return h(
    "svg",
    {
      class: "chart",
      role: "img",
      "aria-label": sentence,
      viewBox: `0 0 ${width} ${height}`,
      ...(alone && { xmlns: "http://www.w3.org/2000/svg", width, height }),
    },
    alone && h("style", null, chartStyle),
    alone && h("rect", { class: "paper", width, height }),
    children,
  );
}

/** A number of a drawing, to a tenth: more digits are no more visible. */
export function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

/** `text` cut to about so many letters. */
export function shortened(text: string, letters: number): string {
  const all = [...text];
  return all.length <= letters ? text : `${all.slice(0, Math.max(1, letters - 1)).join("")}…`;
}
