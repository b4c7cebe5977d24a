import { between, type Range, type Window } from "../../src/address/range.ts";
import type { Address } from "./address.ts";
import type { Now } from "./answers.ts";

const hour = 3_600_000;
const day = 24 * hour;

/** What a view shows that nobody chose: the last day as the window, and the week before it on the timeline. */
export function usualRange({
  window,
  first_call,
}: Pick<Now, "window" | "first_call">): Range | undefined {
  if (window === null || first_call === null) return undefined;
  const end = Date.parse(window.until);
  const first = Math.floor(Date.parse(first_call) / hour) * hour;
  const since = Math.max(end - day, Math.min(first, end - hour));
  const from = Math.max(end - 8 * day, Math.min(first, since));
  return { shown: between(from, end), window: between(since, end) };
}

/** The range that an address names; `undefined` where it names none, or none that is one. */
export function rangeOf({ params }: Address): Range | undefined {
  const window = windowIn(params, "since", "until");
  if (window === undefined) return undefined;
  return { window, shown: around(windowIn(params, "from", "to") ?? window, window) };
}

function windowIn(params: URLSearchParams, since: string, until: string): Window | undefined {
  const [start, end] = [Date.parse(params.get(since) ?? ""), Date.parse(params.get(until) ?? "")];
  return end > start ? between(start, end) : undefined;
}

function around(shown: Window, window: Window): Window {
  return between(
    Math.min(Date.parse(shown.since), Date.parse(window.since)),
    Math.max(Date.parse(shown.until), Date.parse(window.until)),
  );
}
