import type { AttributeValue } from "@opentelemetry/api";
import type { WriteAttribute } from "./cost-attributes.ts";
import type { Travel } from "./travel.ts";

const keys: Readonly<Record<keyof Travel, string>> = {
  feature: "spancost.feature",
  team: "spancost.team",
  user: "spancost.user",
  conversation: "gen_ai.conversation.id",
  iteration: "spancost.loop.iteration",
  depth: "spancost.agent.depth",
  retry: "spancost.retry.count",
};

const entries = Object.entries(keys) as readonly (readonly [keyof typeof keys, string])[];

/** Writes what travels with the request. What the span says itself is left as it is. */
export function writeTravel(
  travel: Travel,
  attributes: Readonly<Record<string, AttributeValue | undefined>>,
  write: WriteAttribute,
): void {
  for (const [fact, key] of entries) {
    const value = travel[fact];
    if (value !== undefined && attributes[key] === undefined) write(key, value);
  }
}

/** True where something that travels has been written already, of which the rest was written with it. */
export function hasTravel(attributes: Readonly<Record<string, unknown>>): boolean {
  return (
    attributes[keys.feature] !== undefined ||
    attributes[keys.depth] !== undefined ||
    attributes[keys.retry] !== undefined
  );
}
