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

/** Between a label and its line, and what its width may be out by. */
const gap = 8;

interface Label {
  readonly marker: Marker;
  readonly anchor: "start" | "end";
  /** Of its line, and what it takes. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

type PlacedLabel = Label & { readonly row: number };

/**
 * Labels in as many rows as it takes for none to lie on another, nor on another's line, which begins in the row of its
 * label, as far as that can be.
 */
export function placed(
  markers: readonly Marker[],
  x: (at: number) => number,
  rightEdge: number,
): PlacedMarker[] {
  const labels = markers.map((marker) => labelOf(marker, x(marker.at), rightEdge));
  const done: PlacedLabel[] = [];
  const rows = new Map<Label, number>();
  const toTheLeft = labels.filter(({ anchor }) => anchor === "end").reverse();
  // In the order in which they are read away from their lines: the next line then begins below.
  for (const label of [...labels.filter(({ anchor }) => anchor === "start"), ...toTheLeft]) {
    const free = Array.from({ length: mostRows }, (_, row) => ({ ...label, row })).filter(
      ({ row, from, to }) => !done.some((one) => one.row === row && one.from < to && one.to > from),
    );
    const clear = (one: PlacedLabel) =>
      !done.some((other) => crosses(one, other) || crosses(other, one));
    const found = free.find(clear) ?? free[0];
    if (found === undefined) continue;
    rows.set(label, found.row);
    done.push(found);
  }
  return labels.map((label) => {
    const { marker, at, anchor } = label;
    return { marker, row: rows.get(label), x: at, anchor };
  });
}

function labelOf(marker: Marker, at: number, rightEdge: number): Label {
  const size = Math.min([...marker.label].length, lettersOfMarker) * letterWidth + 10;
  return at + size > rightEdge
    ? { marker, anchor: "end", at, from: at - size, to: at }
    : { marker, anchor: "start", at, from: at, to: at + size };
}

/** Whether the line of one goes through the label of the other. */
function crosses(line: PlacedLabel, label: PlacedLabel): boolean {
  return line.row < label.row && line.at > label.from + gap && line.at < label.to - gap;
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
