import { attributionKeys, tagName } from "./attribution.ts";
import { costAttributes } from "./cost-attributes.ts";
import { dialectKeys } from "./dialects.ts";
import { httpKeys } from "./http.ts";
import { keyList } from "./key-list.ts";
import { placeKeys } from "./place.ts";

const keptKeys = keyList(
  ...dialectKeys,
  ...attributionKeys,
  ...httpKeys,
  // of resources, and of spans that know better
  ...placeKeys,
  "spancost.retry.count",
  "spancost.loop.iteration",
  "spancost.agent.depth",
  "spancost.release",
  costAttributes.total,
  costAttributes.reported,
  "spancost.units",
  "langfuse.release",
  "langfuse.environment",
  // of resources
  "service.name",
  "service.version",
  "deployment.environment.name",
  "deployment.environment",
);

const kept: ReadonlySet<string> = new Set(keptKeys);

/**
 * True for the attributes that spancost looks at; a decoder may skip all others, prompts and answers among
 * them, without making them into text.
 */
export function keepAttribute(key: string): boolean {
  return kept.has(key) || tagName(key) !== undefined;
}
