import { firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, member } from "../dialect.ts";
import type { RawCounts } from "../read-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["generation", "call"],
  ["embedding", "call"],
  ["agent", "agent"],
  ["tool", "tool"],
  ["retriever", "tool"],
]);

function node(span: SpanView): SpanNode {
  return kinds.get(firstText(span.attributes, ["langfuse.observation.type"]) ?? "") ?? "other";
}

/** The first of `names` that is there; SDKs of different providers name a bucket differently. */
function bucket(usage: JsonObject | undefined, names: readonly string[]): unknown {
  for (const name of names) {
    const value = member(usage, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** `name` and the buckets that were taken out of it, but for those that have a count of their own here. */
function whole(usage: JsonObject | undefined, name: string, apart: readonly string[]): unknown {
  const first = member(usage, name);
  if (typeof first !== "number") return first;
  const parts = apart.map((part) => member(usage, part)).filter((part) => typeof part === "number");
  return parts.reduce((sum, part) => sum + part, first);
}

function details(span: SpanView): JsonObject | undefined {
  return jsonObject(span.attributes, "langfuse.observation.usage_details");
}

/** OpenAI's own usage, with parts inside their wholes. */
function isOpenai(usage: JsonObject | undefined): boolean {
  return (
    member(usage, "prompt_tokens") !== undefined || member(usage, "input_tokens") !== undefined
  );
}

function openaiCounts(usage: JsonObject | undefined): Partial<RawCounts> {
  const input = (name: string) =>
    member(usage, "prompt_tokens_details", name) ?? member(usage, "input_tokens_details", name);
  const output = (name: string) =>
    member(usage, "completion_tokens_details", name) ??
    member(usage, "output_tokens_details", name);
  return {
    input: bucket(usage, ["prompt_tokens", "input_tokens"]),
    output: bucket(usage, ["completion_tokens", "output_tokens"]),
    total: member(usage, "total_tokens"),
    cacheRead: input("cached_tokens"),
    cacheWrite: input("cache_write_tokens"),
    reasoning: output("reasoning_tokens"),
    inputAudio: input("audio_tokens"),
    outputAudio: output("audio_tokens"),
  };
}

/**
 * The Langfuse SDK (scope `langfuse-sdk`): usage is a JSON object of disjoint buckets. What the provider splits out
 * is taken out of `input` and `output`: caches, reasoning, sound, predictions. `total` is the provider's. Python's
 * wrapper of OpenAI sends OpenAI's usage as it came, which Langfuse's server takes apart.
 * Source: langfuse.com, "Token & cost tracking", usage_details; langfuse-js, packages/openai; langfuse-python, openai.py.
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
  meaning: (span) => {
    const inside = isOpenai(details(span));
    return {
      ...inclusive,
      inputIncludesCache: inside,
      outputIncludesReasoning: inside,
      total: "the provider's",
    };
  },
  counts: (span) => {
    const usage = details(span);
    if (isOpenai(usage)) return openaiCounts(usage);
    return {
      input: whole(usage, "input", ["input_audio_tokens"]),
      output: whole(usage, "output", [
        "output_audio_tokens",
        "output_accepted_prediction_tokens",
        "output_rejected_prediction_tokens",
      ]),
      total: member(usage, "total"),
      cacheRead: bucket(usage, [
        "input_cached_tokens",
        "input_cache_read",
        "cache_read_input_tokens",
      ]),
      cacheWrite: bucket(usage, [
        "input_cache_write_tokens",
        "input_cache_creation",
        "cache_creation_input_tokens",
      ]),
      reasoning: bucket(usage, ["output_reasoning_tokens", "output_reasoning"]),
      inputAudio: member(usage, "input_audio_tokens"),
      outputAudio: member(usage, "output_audio_tokens"),
    };
  },
  facts: (span) => {
    const type = firstText(span.attributes, ["langfuse.observation.type"]);
    const kind = node(span);
    const model = firstText(span.attributes, ["langfuse.observation.model.name"]);
    const cost = member(jsonObject(span.attributes, "langfuse.observation.cost_details"), "total");
    return {
      operation: kind === "call" ? (type === "embedding" ? "embeddings" : "chat") : undefined,
      requestModel: model,
      responseModel: model,
      agent: kind === "agent" ? span.name : undefined,
      tool: kind === "tool" ? span.name : undefined,
      reportedCostUsd: typeof cost === "number" ? cost : undefined,
    };
  },
};
