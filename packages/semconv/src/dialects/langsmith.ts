import { asObject, firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, member } from "../dialect.ts";
import { langchainCacheWrites } from "../provider-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["llm", "call"],
  ["embedding", "call"],
  ["tool", "tool"],
  ["retriever", "tool"],
]);

/** With a service tier, LangSmith puts it before the name: `priority_cache_read`. */
function tiered(details: JsonObject | undefined, name: string): unknown {
  if (details === undefined) return undefined;
  const found = Object.keys(details).find((key) => key === name || key.endsWith(`_${name}`));
  return found === undefined ? undefined : member(details, found);
}

/** The parts of `input` or `output`: JavaScript's under a key of their own, Python's in LangChain's usage. */
function details(span: SpanView, part: "input" | "output"): JsonObject | undefined {
  const name = `${part}_token_details`;
  const usage = jsonObject(span.attributes, "langsmith.metadata.usage_metadata");
  return jsonObject(span.attributes, `gen_ai.usage.${name}`) ?? asObject(member(usage, name));
}

/**
 * LangSmith's OpenTelemetry mode (scope `langsmith`): the parts of the counts stand as JSON. Python writes those under
 * the same key as JavaScript as Python does, and as JSON in `langsmith.metadata.usage_metadata`.
 * Source: langchain-ai/langsmith-sdk, js/src/experimental/otel, python/langsmith/_internal/otel.
 */
export const langsmith: Dialect = {
  id: "langsmith",
  reads: [
    "langsmith.span.kind",
    "gen_ai.usage.input_token_details",
    "gen_ai.usage.output_token_details",
    "langsmith.metadata.usage_metadata",
  ],
  node: (span) => kinds.get(firstText(span.attributes, ["langsmith.span.kind"]) ?? "") ?? "other",
  meaning: () => inclusive,
  counts: (span) => {
    const input = details(span, "input");
    const output = details(span, "output");
    return {
      cacheRead: tiered(input, "cache_read"),
      ...langchainCacheWrites((name) => tiered(input, name)),
      reasoning: tiered(output, "reasoning"),
      inputAudio: tiered(input, "audio"),
      outputAudio: tiered(output, "audio"),
    };
  },
};
