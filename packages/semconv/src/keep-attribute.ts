import { attributionKeys, tagName } from "./attribution.ts";
import { dialectKeys } from "./dialects.ts";
import { httpKeys } from "./http.ts";

const kept: ReadonlySet<string> = new Set([
  ...dialectKeys,
  ...attributionKeys,
  ...httpKeys,
  "spancost.retry.count",
  "spancost.loop.iteration",
  "spancost.agent.depth",
  "spancost.release",
  "spancost.account",
  "spancost.cost.usd",
  "spancost.units",
  "langfuse.release",
  "langfuse.environment",
  // of resources
  "service.name",
  "service.version",
  "deployment.environment.name",
  "deployment.environment",
  // of resources, and of spans that know better
  "cloud.account.id",
  "cloud.region",
  "aws.region",
]);

/**
 * True for the attributes that spancost looks at; a decoder may skip all others, prompts and answers among
 * them, without making them into text.
 */
export function keepAttribute(key: string): boolean {
  return kept.has(key) || tagName(key) !== undefined;
}
