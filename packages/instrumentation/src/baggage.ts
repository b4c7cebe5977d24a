import { type Baggage, type Context, propagation } from "@opentelemetry/api";
import { harmless } from "./harmless.ts";
import type { Travel } from "./travel.ts";

/** What goes from one service to the next, and under which names: nothing else does. */
const names = {
  "spancost.feature": "feature",
  "spancost.team": "team",
  "spancost.user": "user",
  "spancost.conversation": "conversation",
} as const;

const entries = Object.entries(names);

/** Baggage does not change once it is made, so that reading it once is enough. */
const read = new WeakMap<Baggage, Travel | undefined>();

/** What a request brought with it. Whoever sent it: values are as short and harmless as our own. */
export function travelInBaggage(at: Context): Travel | undefined {
  const baggage = propagation.getBaggage(at);
  if (baggage === undefined) return undefined;
  if (read.has(baggage)) return read.get(baggage);
  const travel = travelOf(baggage);
  read.set(baggage, travel);
  return travel;
}

function travelOf(baggage: Baggage): Travel | undefined {
  const travel: Record<string, string> = {};
  for (const [name, fact] of entries) {
    const value = harmless(baggage.getEntry(name)?.value);
    if (value !== undefined) travel[fact] = value;
  }
  return Object.keys(travel).length === 0 ? undefined : travel;
}

/** `at` with `travel` in its baggage, beside what others put there. */
export function putIntoBaggage(at: Context, travel: Travel): Context {
  let baggage = propagation.getBaggage(at) ?? propagation.createBaggage();
  for (const [name, fact] of entries) {
    const value = travel[fact];
    if (value !== undefined) baggage = baggage.setEntry(name, { value });
  }
  return propagation.setBaggage(at, baggage);
}

/** `at` without anything of ours in its baggage. */
export function takeFromBaggage(at: Context): Context {
  const baggage = propagation.getBaggage(at);
  if (baggage === undefined) return at;
  const ours = entries.map(([name]) => name).filter((name) => baggage.getEntry(name) !== undefined);
  return ours.length === 0 ? at : propagation.setBaggage(at, baggage.removeEntries(...ours));
}
