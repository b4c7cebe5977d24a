import { type ComponentChildren, h } from "preact";
import type { Marker } from "./chart.ts";
import { rounded, shortened } from "./frame.ts";

const lettersOfMarker = 30;
const letterWidth = 6.6;

/** Height of a row of labels. */
export const markerHeight = 18;

/** Labels in more rows than these would leave no room for what they are about: later ones have their line alone. */
const mostRows = 4;

export interface PlacedMarker {
  readonly marker: Marker;
  /** `undefined` for a line without its label. */
  readonly row: number | undefined;
  readonly x: number;
  readonly anchor: "start" | "end";
}

/** Labels in as many rows as it takes for none to lie on another, nor on the line of one that stands higher. */
export function placed(
  markers: readonly Marker[],
  x: (at: number) => number,
  rightEdge: number,
): PlacedMarker[] {
  const ends: { readonly row: number; readonly from: number; readonly to: number }[] = [];
  return markers.map((marker) => {
    const at = x(marker.at);
    const size = Math.min([...marker.label].length, lettersOfMarker) * letterWidth + 10;
    const anchor = at + size > rightEdge ? "end" : "start";
    const [from, to] = anchor === "start" ? [at, at + size] : [at - size, at];
    let row = 0;
    const isTaken = (one: (typeof ends)[number]) =>
      (one.row === row && one.from < to && one.to > from) ||
      (one.row > row && one.from < at && one.to > at);
    while (ends.some(isTaken)) row += 1;
    if (row >= mostRows) return { marker, row: undefined, x: at, anchor };
    ends.push({ row, from, to });
    return { marker, row, x: at, anchor };
  });
}

/** How many rows of labels there are. */
export function rowsOf(markers: readonly PlacedMarker[]): number {
  return markers.reduce((most, { row }) => Math.max(most, (row ?? -1) + 1), 0);
}

/** Lines down to `bottom`, each with its label at the top. */
export function Markers(props: {
  readonly markers: readonly PlacedMarker[];
  readonly bottom: number;
}): ComponentChildren {
  const { markers, bottom } = props;
  const rows = rowsOf(markers);
  // First all lines, for a label lies on those of its neighbours.
  return h(
    "g",
    null,
    markers.map(({ row = rows, x: at }) =>
      h("line", {
        class: "marker",
        x1: rounded(at),
        x2: rounded(at),
        y1: 12 + row * markerHeight,
        y2: bottom,
      }),
    ),
    markers.map(
      ({ marker, row, x: at, anchor }) =>
        row !== undefined &&
        h(
          "text",
          {
            class: "ink halo",
            x: rounded(at) + (anchor === "start" ? 4 : -4),
            y: 16 + row * markerHeight,
            "text-anchor": anchor,
          },
          shortened(marker.label, lettersOfMarker),
        ),
    ),
  );
}
