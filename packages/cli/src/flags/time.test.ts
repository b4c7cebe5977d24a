import { describe, expect, test } from "vitest";
import { instantAt, millisOf, parseInstant } from "./time.ts";
import { utc } from "./time-zone.ts";

const now = Date.parse("2026-11-19T15:04:05.678Z");

describe("a time is read as", () => {
  test.each([
    ["now", "2026-11-19T15:04:05.678Z"],
    ["90s", "2026-11-19T15:02:35.678Z"],
    ["30m", "2026-11-19T14:34:05.678Z"],
    ["2h", "2026-11-19T13:04:05.678Z"],
    ["7d", "2026-11-12T15:04:05.678Z"],
    ["2w", "2026-11-05T15:04:05.678Z"],
    ["0h", "2026-11-19T15:04:05.678Z"],
    ["today", "2026-11-19T00:00:00Z"],
    ["yesterday", "2026-11-18T00:00:00Z"],
    ["14:10", "2026-11-19T14:10:00Z"],
    ["2026-11-19", "2026-11-19T00:00:00Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
    ["2026-11-19T14:10", "2026-11-19T14:10:00Z"],
    ["2026-11-19 14:10", "2026-11-19T14:10:00Z"],
    ["2026-11-19T14:10Z", "2026-11-19T14:10:00Z"],
    ["2026-11-19t14:10:30z", "2026-11-19T14:10:30Z"],
    ["2026-11-19T14:10:30.120Z", "2026-11-19T14:10:30.12Z"],
    ["2026-11-19T14:10:30.123456789Z", "2026-11-19T14:10:30.123Z"],
    ["2026-11-19T14:10:00+02:00", "2026-11-19T12:10:00Z"],
    ["2026-11-19T23:30-01:00", "2026-11-20T00:30:00Z"],
    [" 2h ", "2026-11-19T13:04:05.678Z"],
  ])("%s → %s", (text, instant) => {
    expect(parseInstant(text, "since", now, utc)).toBe(instant);
  });
});

describe("is no time:", () => {
  test.each([
    "",
    "tomorrow",
    "2",
    "2q",
    "-2h",
    "1.5h",
    "25:00",
    "14:60",
    "2026-11",
    "2026-13-01",
    "2026-02-30",
    "2026-11-19T24:30Z",
    "2026-11-19T14",
    "19.11.2026",
    "1763561400",
  ])("%j", (text) => {
    expect(() => parseInstant(text, "since", now, utc)).toThrow(
      `--since takes a time such as 2h, 7d, 14:10, 2026-11-19 or 2026-11-19T14:10Z (UTC), not "${text}".`,
    );
  });
});

describe("is a time that no span can have:", () => {
  test.each([
    ["99999d", "before 1970"],
    ["999999999w", "before 1970"],
    ["1969-12-31", "before 1970"],
    ["9999-01-01", "after 2254"],
  ])("%s", (text, bound) => {
    expect(() => parseInstant(text, "since", now, utc)).toThrow(
      `--since ${text} is ${bound}, and no span can be. Times are such as 30d, 52w, 5y or 2026-11-19.`,
    );
  });
});

test.each([
  ["5y", 5 * 365],
  ["3650d", 3650],
])("%s is long ago, and a time", (text, days) => {
  expect(millisOf(parseInstant(text, "since", now, utc))).toBe(now - days * 86_400_000);
});

test("an instant has a fraction only where there is one", () => {
  expect([0, 1, 10, 1000].map(instantAt)).toEqual([
    "1970-01-01T00:00:00Z",
    "1970-01-01T00:00:00.001Z",
    "1970-01-01T00:00:00.01Z",
    "1970-01-01T00:00:01Z",
  ]);
});
