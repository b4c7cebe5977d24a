import { asObject, firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, member } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["generation", "call"],
  ["embedding", "call"],
  ["agent", "agent"],
  ["tool", "tool"],
]);

function node(span: SpanView): SpanNode {
  return kinds.get(firstText(span.attributes, ["langfuse.observation.type"]) ?? "") ?? "other";
}

function details(span: SpanView): JsonObject | undefined {
  return jsonObject(span.attributes, "langfuse.observation.usage_details");
}

function first(usage: JsonObject | undefined, names: readonly string[]): unknown {
  for (const name of names) {
    const value = member(usage, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/**
 * The Langfuse SDK (scope `langfuse-sdk`): usage is a JSON object of disjoint buckets, so input leaves caches
 * out and output leaves reasoning out. Source: langfuse.com, "Token & cost tracking", usage_details.
 */
export const langfuse: Dialect = {
  id: "langfuse",
  reads: [
    "langfuse.observation.type",
    "langfuse.observation.usage_details",
    "langfuse.observation.model.name",
    "langfuse.observation.cost_details",
  ],
  node,
  meaning: () => ({ ...inclusive, inputIncludesCache: false, outputIncludesReasoning: false }),
  counts: (span) => {
    const usage = details(span);
    return {
      input: first(usage, ["input"]),
      output: first(usage, ["output"]),
      total: first(usage, ["total"]),
      cacheRead: first(usage, [
        "input_cached_tokens",
        "input_cache_read",
        "cache_read_input_tokens",
      ]),
      cacheWrite: first(usage, [
        "input_cache_write_tokens",
        "input_cache_creation",
        "cache_creation_input_tokens",
      ]),
      reasoning: first(usage, ["output_reasoning_tokens", "output_reasoning"]),
    };
  },
  facts: (span) => {
    const kind = node(span);
    const model = firstText(span.attributes, ["langfuse.observation.model.name"]);
    const cost = member(
      asObject(jsonObject(span.attributes, "langfuse.observation.cost_details")),
      "total",
    );
    return {
      operation: kind === "call" ? "chat" : undefined,
      requestModel: model,
      responseModel: model,
      agent: kind === "agent" ? span.name : undefined,
      tool: kind === "tool" ? span.name : undefined,
      reportedCostUsd: typeof cost === "number" ? cost : undefined,
    };
  },
};
