import { isDisabled } from "./environment.ts";
import { harmless } from "./harmless.ts";
import { quietly } from "./quietly.ts";
import { type Travel, travelWith } from "./travel.ts";

/** Who a request's cost belongs to. */
export interface Attribution {
  /** What the product offers: "search-answers". */
  readonly feature?: string | undefined;
  readonly team?: string | undefined;
  /** An id that means nothing outside, never an e-mail address or a name. */
  readonly user?: string | undefined;
  readonly conversation?: string | undefined;
}

/**
 * Runs `fn` and attributes every model call in it, across awaits, to `values`. What an outer call set stays,
 * where `values` does not say otherwise.
 *
 * The result and errors of `fn` are its own. A generator that `fn` returns runs in the context of whoever
 * iterates over it: call this inside the generator's body, or around the loop that reads it.
 */
export function withAttribution<Result>(values: Attribution, fn: () => Result): Result {
  let travel: Travel | undefined;
  if (!isDisabled()) quietly("attributing", () => (travel = cleaned(values)));
  return travel === undefined ? fn() : travelWith(travel, fn);
}

/** `withAttribution({ feature }, fn)`. */
export function withFeature<Result>(feature: string, fn: () => Result): Result {
  return withAttribution({ feature }, fn);
}

/** `withAttribution({ team }, fn)`. */
export function withTeam<Result>(team: string, fn: () => Result): Result {
  return withAttribution({ team }, fn);
}

/** `withAttribution({ user }, fn)`. */
export function withUser<Result>(user: string, fn: () => Result): Result {
  return withAttribution({ user }, fn);
}

/** `withAttribution({ conversation }, fn)`. */
export function withConversation<Result>(conversation: string, fn: () => Result): Result {
  return withAttribution({ conversation }, fn);
}

function cleaned(values: Attribution): Travel | undefined {
  const travel: Record<string, string> = {};
  for (const name of ["feature", "team", "user", "conversation"] as const) {
    const value = harmless(values[name]);
    if (value !== undefined) travel[name] = value;
  }
  return Object.keys(travel).length === 0 ? undefined : travel;
}
