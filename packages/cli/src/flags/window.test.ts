import { describe, expect, test } from "vitest";
import { NoDataError } from "../errors.ts";
import type { Reader } from "../ports.ts";
import { Texts } from "./texts.ts";
import { askedWindow, resolveWindow, windowText } from "./window.ts";

const now = Date.parse("2026-11-19T15:04:05.678Z");

function asked(since?: string, until?: string) {
  const texts: [string, string[]][] = [];
  if (since !== undefined) texts.push(["since", [since]]);
  if (until !== undefined) texts.push(["until", [until]]);
  return askedWindow(new Texts(texts), now);
}

/** A store whose calls started from `first` to `last`. */
function storeWith(first: string | null, last: string | null): Reader {
  return {
    readRows: async () => ({
      columns: [],
      rows: [{ first_minute: first, after_last: last }],
    }),
  };
}

test("a start without an end goes to the end of the second that is now", () => {
  expect(asked("2026-11-19")).toEqual({
    since: "2026-11-19T00:00:00Z",
    until: "2026-11-19T15:04:06Z",
  });
});

test("the last 24 hours are 24 hours", () => {
  expect(asked("24h")).toEqual({ since: "2026-11-18T15:04:06Z", until: "2026-11-19T15:04:06Z" });
  expect(asked("24h", "now")).toEqual(asked("24h"));
});

test("what is not asked is left to the data", () => {
  expect(asked()).toEqual({ since: undefined, until: undefined });
  expect(asked(undefined, "2026-11-19")).toEqual({
    since: undefined,
    until: "2026-11-19T00:00:00Z",
  });
});

describe("a window that holds nothing is refused", () => {
  test.each([
    ["2026-11-19", "2026-11-19"],
    ["2026-11-19", "2026-11-18"],
    ["2026-11-19T10:00:00.5Z", "2026-11-19T10:00:00Z"],
  ])("%s to %s", (since, until) => {
    expect(() => asked(since, until)).toThrow(
      /is not after --since .*: the window holds nothing\.$/,
    );
  });

  test("but a fraction of a second is enough", () => {
    expect(asked("2026-11-19T10:00Z", "2026-11-19T10:00:00.5Z").until).toBe(
      "2026-11-19T10:00:00.5Z",
    );
  });
});

test("a start in the future is no mistake of usage: nothing is stored for it", () => {
  expect(() => asked("2026-11-20")).toThrow(
    new NoDataError(
      "--since 2026-11-20T00:00:00Z is in the future: it is 2026-11-19T15:04:06Z now, and nothing can be stored for later.",
    ),
  );
});

describe("the data says the rest", () => {
  const store = storeWith("2026-11-12T12:00:00Z", "2026-11-19T11:55:00Z");

  test.each([
    [asked(), "2026-11-12T12:00:00Z", "2026-11-19T11:55:00Z"],
    [asked(undefined, "2026-11-15"), "2026-11-12T12:00:00Z", "2026-11-15T00:00:00Z"],
    [asked("2026-11-13", "2026-11-14"), "2026-11-13T00:00:00Z", "2026-11-14T00:00:00Z"],
    [asked(undefined, "2026-11-01"), "2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"],
  ])("%o is %s to %s", async (window, since, until) => {
    expect(await resolveWindow(store, window)).toEqual({ since, until });
  });

  test("where nothing is stored there is no window", async () => {
    expect(await resolveWindow(storeWith(null, null), asked())).toBeUndefined();
  });
});

test.each([
  ["2026-11-19T14:10:00Z", "2026-11-19T17:35:00Z", "2026-11-19 14:10 to 17:35 UTC"],
  ["2026-11-19T14:10:00Z", "2026-11-20T00:00:00Z", "2026-11-19 14:10 to 2026-11-20 00:00 UTC"],
  ["2026-11-19T14:10:30Z", "2026-11-19T14:10:31.5Z", "2026-11-19 14:10:30 to 14:10:31 UTC"],
])("%s and %s read %s", (since, until, text) => {
  expect(windowText({ since, until })).toBe(text);
});
