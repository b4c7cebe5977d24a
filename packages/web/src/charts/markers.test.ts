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
  ["more than there are rows for", [0, 20, 40, 60, 80], [0, 1, 2, 3, undefined]],
])("labels of markers %s do not lie on one another, nor on a line", (_, ats, expected) => {
  expect(rows(...ats)).toEqual(expected);
});
