import { firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, member } from "../dialect.ts";
import { langchainCacheWrites } from "../provider-usage.ts";
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

/**
 * All buckets of `part`, but for those that have a count of their own here. The names are the providers' and LangChain's:
 * `input_audio_tokens`, `input_audio`, `input_priority`, `input_modality_TEXT`, `output_accepted_prediction_tokens`.
 */
function whole(usage: JsonObject | undefined, part: "input" | "output"): unknown {
  const first = member(usage, part);
  const rest = sumOf(usage, (name) => name.startsWith(`${part}_`) && !apart.test(name));
  if (rest === undefined) return first;
  return typeof first === "number" ? first + rest : (first ?? rest);
}

const cacheRead =
  /^(input_cached_tokens|input_([a-z]+_)?cache_read|cache_read_input_tokens|cached_modality_\w+)$/;
const reasoningBucket = /^output_([a-z]+_)?reasoning(_tokens)?$/;
/** Of `input_…` and `output_…`: what is no part of `input` and `output` here. */
const apart = /cache|ephemeral|reasoning/;

/** The buckets that `isMeant` names, added up; `undefined` where there is none. */
function sumOf(
  usage: JsonObject | undefined,
  isMeant: (name: string) => boolean,
): number | undefined {
  let sum: number | undefined;
  for (const [name, value] of Object.entries(usage ?? {})) {
    if (typeof value === "number" && isMeant(name)) sum = (sum ?? 0) + value;
  }
  return sum;
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
 * wrapper of OpenAI sends OpenAI's usage as it came, which Langfuse's server takes apart; its handler for LangChain takes
 * every detail out of `input` and `output`, under LangChain's names and Vertex AI's.
 * Source: langfuse.com, "Token & cost tracking", usage_details; langfuse-js, packages/openai; langfuse-python, openai.py and
 * langchain/CallbackHandler.py (`_parse_usage_model`) at 012fbac.
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
    const langchain = langchainCacheWrites((name) => member(usage, `input_${name}`));
    return {
      input: whole(usage, "input"),
      output: whole(usage, "output"),
      total: member(usage, "total"),
      cacheRead: sumOf(usage, (name) => cacheRead.test(name)),
      ...langchain,
      cacheWrite:
        langchain.cacheWrite ??
        bucket(usage, ["input_cache_write_tokens", "cache_creation_input_tokens"]),
      reasoning: sumOf(usage, (name) => reasoningBucket.test(name)),
      inputAudio: bucket(usage, ["input_audio_tokens", "input_audio"]),
      outputAudio: bucket(usage, ["output_audio_tokens", "output_audio"]),
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
