import { expect, test } from "vitest";
import { rangeOf, usualRange } from "./range.ts";

const address = (query: string) => ({ path: "/", params: new URLSearchParams(query) });

test("an address names its times; the timeline shows at least the window", () => {
  expect(rangeOf(address("since=2026-11-20T03:00Z&until=2026-11-20T12:00Z"))).toEqual({
    window: { since: "2026-11-20T03:00Z", until: "2026-11-20T12:00Z" },
    shown: { since: "2026-11-20T03:00Z", until: "2026-11-20T12:00Z" },
  });
  const wide =
    "from=2026-11-20T04:00Z&to=2026-11-21T00:00Z&since=2026-11-20T03:00Z&until=2026-11-20T12:00:30Z";
  expect(rangeOf(address(wide))).toEqual({
    window: { since: "2026-11-20T03:00Z", until: "2026-11-20T12:00:30Z" },
    shown: { since: "2026-11-20T03:00Z", until: "2026-11-21T00:00Z" },
  });
});

test("what names no window, or none that is one, names nothing", () => {
  for (const query of [
    "",
    "since=2026-11-20",
    "since=yesterday&until=now",
    "since=2026-11-20&until=2026-11-19",
  ]) {
    expect(rangeOf(address(query))).toBeUndefined();
  }
});

test("unasked, the window is the last day and the timeline the week before it, as far as there are calls", () => {
  const window = { since: "2026-11-19T12:00:00Z", until: "2026-11-20T12:00:00Z" };
  expect(usualRange({ window, first_call: "2026-10-01T00:00:00Z" })).toEqual({
    window: { since: "2026-11-19T12:00Z", until: "2026-11-20T12:00Z" },
    shown: { since: "2026-11-12T12:00Z", until: "2026-11-20T12:00Z" },
  });
  expect(usualRange({ window, first_call: "2026-11-20T11:40:00Z" })).toEqual({
    window: { since: "2026-11-20T11:00Z", until: "2026-11-20T12:00Z" },
    shown: { since: "2026-11-20T11:00Z", until: "2026-11-20T12:00Z" },
  });
});
