import { type Context, context, createContextKey } from "@opentelemetry/api";
import { travelInBaggage } from "./baggage.ts";

/**
 * What travels with a request through this process: who it is for, and where in a run it is.
 *
 * It is kept in the OpenTelemetry context, under a key of its own; only `AttributionPropagator` decides
 * whether any of it leaves the process.
 */
export interface Travel {
  readonly feature?: string | undefined;
  readonly team?: string | undefined;
  readonly user?: string | undefined;
  readonly conversation?: string | undefined;
  /** 1-based step of the nearest agent run. */
  readonly iteration?: number | undefined;
  /** How many agent runs enclose. */
  readonly depth?: number | undefined;
  /** Attempts before this one, of `withRetries`. */
  readonly retry?: number | undefined;
}

/** Keys of the same name are the same key in every copy of this package: they come from `Symbol.for`. */
const key = createContextKey("spancost.travel");

/** What travels in `at`: set in this process, or else brought by the request as baggage. */
export function travelIn(at: Context): Travel | undefined {
  return (at.getValue(key) as Travel | undefined) ?? travelInBaggage(at);
}

/** A context in which `more` holds beside what already travels. */
export function travelling(at: Context, more: Travel): Context {
  return at.setValue(key, { ...travelIn(at), ...more });
}

/** Runs `fn` with `more` beside what already travels. */
export function travelWith<Result>(more: Travel, fn: () => Result): Result {
  return context.with(travelling(context.active(), more), fn);
}
