import { expect, test } from "vitest";
import { placed } from "./markers.ts";

/** The rows of labels of 22 letters, which are some 155 wide, in a picture 1000 wide. */
function rows(...ats: readonly number[]) {
  const markers = ats.map((at) => ({ at, label: "service-api 2026.11.17" }));
  return placed(markers, (at) => at, 1000).map(({ row }) => row);
}

test.each([
  ["apart", [0, 200, 400], [0, 0, 0]],
  // The line of the third goes through the label of the second, if it begins above it.
  ["close together", [0, 100, 180, 400], [0, 1, 2, 0]],
  ["one that begins where another ends", [0, 100, 250], [0, 1, 0]],
  ["at the right edge, where they stand to the left of their lines", [870, 950], [1, 0]],
  [
    "of which there are more than rows: the newest have theirs",
    [0, 20, 40, 60, 80],
    [undefined, 0, 1, 2, 3],
  ],
])("labels of markers %s do not lie on one another, nor on a line", (_, ats, expected) => {
  expect(rows(...ats)).toEqual(expected);
});

/** The releases of a company's week, on the page as wide as on a tablet: where their lines are. */
const week = [
  [217, "docs-worker 2026.11.14-2"],
  [287, "sales-api 2026.11.15-2"],
  [360, "support-api 2026.11.16-2"],
  [437, "dev-tools 2026.11.17-2"],
  [492, "search-api 2026.11.18-2"],
  [620, "sales-api 2026.11.19-3"],
  [657, "support-api 2026.11.20-3"],
] as const;

/** In a browser letters of this size are 6.4 wide. */
const widest = 6.4;

test.each([
  [684, 1, 6],
  [330, 0.485, 4],
  [1196, 1.76, 7],
])("in a picture %d wide no line of a release goes through a label", (edge, scale, fewest) => {
  const markers = week.map(([at, label]) => ({ at: at * scale, label }));
  const shown = placed(markers, (at) => at, edge);
  const labels = shown.flatMap(({ marker, row, x, anchor }) => {
    const size = marker.label.length * widest;
    const from = anchor === "start" ? x + 4 : x - 4 - size;
    return row === undefined ? [] : [{ marker, row, from, to: from + size }];
  });
  expect(labels.length).toBeGreaterThanOrEqual(fewest);
  for (const { marker, row, from, to } of labels) {
    expect([from >= 0, to <= edge]).toEqual([true, true]);
    const through = shown.filter(
      (line) => line.marker !== marker && (line.row ?? 4) <= row && line.x > from && line.x < to,
    );
    expect(through.map((line) => line.marker.label)).toEqual([]);
    const under = labels.filter(
      (other) => other.marker !== marker && other.row === row && other.from < to && other.to > from,
    );
    expect(under.map((other) => other.marker.label)).toEqual([]);
  }
});
