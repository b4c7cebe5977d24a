import { firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, member } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["llm", "call"],
  ["embedding", "call"],
  ["tool", "tool"],
]);

/** With a service tier, LangSmith puts it before the name: `priority_cache_read`. */
function tiered(details: JsonObject | undefined, name: string): unknown {
  if (details === undefined) return undefined;
  const found = Object.keys(details).find((key) => key === name || key.endsWith(`_${name}`));
  return found === undefined ? undefined : member(details, found);
}

/**
 * LangSmith's OpenTelemetry mode (scope `langsmith`): splits stand as JSON under `…_token_details`.
 * Source: langchain-ai/langsmith-sdk, js/src/experimental/otel.
 */
export const langsmith: Dialect = {
  id: "langsmith",
  reads: [
    "langsmith.span.kind",
    "gen_ai.usage.input_token_details",
    "gen_ai.usage.output_token_details",
  ],
  node: (span) => kinds.get(firstText(span.attributes, ["langsmith.span.kind"]) ?? "") ?? "other",
  meaning: () => inclusive,
  counts: (span) => {
    const input = jsonObject(span.attributes, "gen_ai.usage.input_token_details");
    const output = jsonObject(span.attributes, "gen_ai.usage.output_token_details");
    return {
      cacheRead: tiered(input, "cache_read"),
      cacheWrite: tiered(input, "cache_creation"),
      reasoning: tiered(output, "reasoning"),
    };
  },
};
