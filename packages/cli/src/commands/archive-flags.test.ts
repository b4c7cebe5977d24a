import { describe, expect, test } from "vitest";
import { keepPolicyOf, parseAge, parseBytes } from "./archive-flags.ts";

test.each([
  ["12h", 43_200_000],
  ["1d", 86_400_000],
  ["90d", 7_776_000_000],
  ["2w", 1_209_600_000],
  [" 30d ", 2_592_000_000],
])("the age %s is %d ms", (text, millis) => {
  expect(parseAge("keep", text)).toBe(millis);
});

test.each(["", "90", "0d", "d", "-1d", "1.5d", "90 days", "1y", "30m", "999999d"])(
  "%j is no age",
  (text) => {
    expect(() => parseAge("keep", text)).toThrow(
      `--keep takes an age such as 12h, 90d or 2w, not "${text}".`,
    );
  },
);

test.each([
  ["500MB", 500_000_000],
  ["20GB", 20_000_000_000],
  ["20gb", 20_000_000_000],
  ["1.5 TiB", 1_649_267_441_664],
  ["64MiB", 67_108_864],
])("the size %s is %d bytes", (text, bytes) => {
  expect(parseBytes("max-size", text)).toBe(bytes);
});

test.each(["", "20", "GB", "20G", "20KB", "-1GB", "1e3GB", "20GB/s"])("%j is no size", (text) => {
  expect(() => parseBytes("max-size", text)).toThrow(
    `--max-size takes a size such as 500MB or 20GB, not "${text}".`,
  );
});

test("a size that no database fits into is refused", () => {
  expect(() => parseBytes("max-size", "49MB")).toThrow(
    '--max-size takes at least 50MB, not "49MB".',
  );
});

describe("what is kept", () => {
  test("has no limit where none is given", () => {
    expect(keepPolicyOf({})).toEqual({
      keepMillis: undefined,
      keepSpansMillis: undefined,
      maxBytes: undefined,
    });
  });

  test("has the limits that are given", () => {
    expect(keepPolicyOf({ keep: "90d", keepSpans: "14d", maxSize: "20GB" })).toEqual({
      keepMillis: 7_776_000_000,
      keepSpansMillis: 1_209_600_000,
      maxBytes: 20_000_000_000,
    });
  });

  test("is no span for longer than its record", () => {
    expect(() => keepPolicyOf({ keep: "7d", keepSpans: "14d" })).toThrow(
      "--keep-spans 14d is longer than --keep 7d: spans are kept as long as the cost records made of them, or shorter.",
    );
  });
});
