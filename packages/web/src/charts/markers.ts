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

/** Letters are at least so far from the line of their label. */
const nearGap = 2;
/** What the width of a label may be out by, at its other end. */
const farGap = 8;

interface Label {
  readonly marker: Marker;
  readonly anchor: "start" | "end";
  readonly row: number;
  /** Of its line, and what it takes. */
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** Where some of the labels stand, and how far that is from what one would like. */
interface Plan {
  readonly labels: readonly Label[];
  readonly cost: number;
}

/** Plans that are followed up from label to label; with more, hardly ever a better one is found. */
const mostPlans = 50;
/** A label that is left out is worse than any place; the usual side, to the right of the line, weighs less than a row. */
const costs = { leftOut: 100, row: 1, otherSide: 0.5 } as const;

/**
 * Labels in as few rows and on such sides of their lines that none lies on another, nor on another's line, which begins
 * in the row of its label. One that has no such place is left out, an older one rather than a newer one: its line begins
 * below all labels.
 */
export function placed(
  markers: readonly Marker[],
  x: (at: number) => number,
  rightEdge: number,
): PlacedMarker[] {
  let plans: Plan[] = [{ labels: [], cost: 0 }];
  for (const marker of markers.toReversed()) {
    const places = placesFor(marker, x(marker.at), rightEdge);
    plans = plans
      .flatMap(({ labels, cost }) => [
        ...places
          .filter(({ label }) => labels.every((other) => areApart(label, other)))
          .map((place) => ({ labels: [...labels, place.label], cost: cost + place.cost })),
        { labels, cost: cost + costs.leftOut },
      ])
      .sort((a, b) => a.cost - b.cost)
      .slice(0, mostPlans);
  }
  const labels = new Map(plans[0]?.labels.map((label) => [label.marker, label]));
  return markers.map((marker) => {
    const { row, anchor = "start" } = labels.get(marker) ?? {};
    return { marker, row, x: x(marker.at), anchor };
  });
}

/** All places within the picture at which a label could stand. */
function placesFor(
  marker: Marker,
  at: number,
  rightEdge: number,
): { readonly label: Label; readonly cost: number }[] {
  const size = Math.min([...marker.label].length, lettersOfMarker) * letterWidth + 10;
  const sides = [
    { anchor: "start", at, from: at, to: at + size, cost: 0 },
    { anchor: "end", at, from: at - size, to: at, cost: costs.otherSide },
  ] as const;
  return sides
    .filter(({ from, to }) => from >= 0 && to <= rightEdge)
    .flatMap(({ cost, ...side }) =>
      Array.from({ length: mostRows }, (_, row) => ({
        label: { ...side, marker, row },
        cost: cost + row * costs.row,
      })),
    );
}

function areApart(one: Label, other: Label): boolean {
  if (one.row === other.row) return one.from >= other.to || one.to <= other.from;
  return one.row < other.row ? !crosses(one, other) : !crosses(other, one);
}

/** Whether the line of a label in a higher row goes through one in a lower row. */
function crosses({ at }: Label, { anchor, from, to }: Label): boolean {
  const [left, right] = anchor === "start" ? [nearGap, farGap] : [farGap, nearGap];
  return at > from + left && at < to - right;
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
