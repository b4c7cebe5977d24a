import { expect, test } from "vitest";
import { type Ground, moveEnd, wholeSteps } from "./brush.tsx";

/** Ten steps of ten. */
const ground: Ground = { left: 0, right: 100, top: 0, bottom: 10, since: 0, until: 100, step: 10 };

test("what is drawn is whole steps, in either direction", () => {
  expect(wholeSteps(ground, 23, 47)).toEqual({ since: 20, until: 50 });
  expect(wholeSteps(ground, 47, 23)).toEqual({ since: 20, until: 50 });
  expect(wholeSteps(ground, 23, 23)).toEqual({ since: 20, until: 30 });
});

test("it ends where the timeline ends, also within a step", () => {
  expect(wholeSteps({ ...ground, since: 5, until: 95 }, 0, 99)).toEqual({ since: 5, until: 95 });
});

test("an end moves by steps, and not beyond the other or the timeline", () => {
  const value = { since: 20, until: 50 };
  expect(moveEnd(ground, value, "since", -1)).toEqual({ since: 10, until: 50 });
  expect(moveEnd(ground, value, "since", 10)).toEqual({ since: 40, until: 50 });
  expect(moveEnd(ground, value, "until", Number.POSITIVE_INFINITY)).toEqual({
    since: 20,
    until: 100,
  });
  expect(moveEnd(ground, { since: 0, until: 50 }, "since", -1)).toBeUndefined();
});
