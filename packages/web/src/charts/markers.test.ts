import { expect, test } from "vitest";
import { placed } from "./markers.ts";

test("no label lies on the line of another, which begins below it", () => {
  const markers = [0, 100, 180, 400].map((at) => ({ at, label: "service 2026.11.17" }));
  // Each label is some 129 wide: the third begins within the second, and the first has ended by then.
  expect(placed(markers, (at) => at, 1000).map(({ row }) => row)).toEqual([0, 1, 2, 0]);
});
