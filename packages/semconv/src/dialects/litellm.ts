import { firstNumber, firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { providerOf } from "../conventions.ts";
import { type Dialect, type Doubts, inclusive, member, textMember } from "../dialect.ts";
import type { RawCounts } from "../read-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

/** Which provider's request a `raw_gen_ai_request` is, by the prefix of its attributes. */
const rawPrefixes = ["openai", "anthropic", "bedrock", "azure", "vertex_ai", "gemini"];

/**
 * One with an answer of the provider's: LiteLLM's own cache leaves none there. Without a model (Bedrock) it could
 * not be priced, and the span around it tells more.
 */
function rawPrefix(span: SpanView): string | undefined {
  if (span.attributes.get("gen_ai.operation.name") !== undefined) return undefined;
  return rawPrefixes.find((name) =>
    ["usage", "model", "id"].every(
      (member) => span.attributes.get(`llm.${name}.${member}`) !== undefined,
    ),
  );
}

function node(span: SpanView): SpanNode {
  const operation = firstText(span.attributes, ["gen_ai.operation.name"]);
  if (operation === undefined) return rawPrefix(span) === undefined ? "other" : "call";
  return notModels.test(operation) ? "other" : "call";
}

/** Of its operations, named by its functions, those that ask no model: files, batches, searches, MCP … */
const notModels =
  /file|batch|vector_store|search|thread|assistant|fine_tuning|mcp|container|list|retrieve|get_|cancel|delete/;

/** `acompletion` is `completion` of an async client. */
function operationOf(span: SpanView): string | undefined {
  const operation = firstText(span.attributes, ["gen_ai.operation.name"]);
  if (operation === undefined) return "chat";
  if (/^a?embeddings?$/.test(operation)) return "embeddings";
  return /^a?(completion|responses|anthropic_messages|generate_content)$/.test(operation)
    ? "chat"
    : operation;
}

/**
 * A count in usage that is written as Python writes it: `{'prompt_tokens': 1523, 'prompt_tokens_details': …}`. Only
 * numbers are looked at; the names are unlike enough to be found wherever they stand.
 */
function counted(usage: string | undefined, ...names: readonly string[]): number | undefined {
  if (usage === undefined) return undefined;
  for (const name of names) {
    const found = patternOf(name).exec(usage)?.[1];
    if (found !== undefined) return Number(found);
  }
  return undefined;
}

const patterns = new Map<string, RegExp>();

function patternOf(name: string): RegExp {
  const known = patterns.get(name);
  if (known !== undefined) return known;
  const pattern = new RegExp(`'${name}': (\\d{1,15})[,}]`);
  patterns.set(name, pattern);
  return pattern;
}

/** LiteLLM's own account of the usage, in OpenAI's words for every provider: input includes caches. */
function own(usage: string | undefined): Partial<RawCounts> {
  const details = /'prompt_tokens_details': \{([^{}]|\{[^{}]*\})*\}/.exec(usage ?? "")?.[0];
  const completion = /'completion_tokens_details': \{[^{}]*\}/.exec(usage ?? "")?.[0];
  return {
    input: counted(usage, "prompt_tokens"),
    output: counted(usage, "completion_tokens"),
    total: counted(usage, "total_tokens"),
    cacheRead: counted(usage, "cached_tokens", "cache_read_input_tokens"),
    cacheWrite: counted(
      usage,
      "cache_write_tokens",
      "cache_creation_tokens",
      "cache_creation_input_tokens",
    ),
    cacheWrite1h: counted(usage, "ephemeral_1h_input_tokens"),
    reasoning: counted(usage, "reasoning_tokens"),
    inputAudio: counted(details, "audio_tokens"),
    inputImage: counted(details, "image_tokens"),
    outputAudio: counted(completion, "audio_tokens"),
    outputImage: counted(completion, "image_tokens"),
    webSearches: counted(usage, "web_search_requests"),
  };
}

/** The provider's usage as it came: Anthropic's and Bedrock's input leaves caches out. */
function raw(span: SpanView, prefix: string): Partial<RawCounts> {
  const usage = firstText(span.attributes, [`llm.${prefix}.usage`]);
  return {
    ...own(usage),
    input: counted(usage, "prompt_tokens", "input_tokens", "inputTokens"),
    output: counted(usage, "completion_tokens", "output_tokens", "outputTokens"),
    total: counted(usage, "total_tokens", "totalTokens"),
    cacheRead: counted(usage, "cached_tokens", "cache_read_input_tokens", "cacheReadInputTokens"),
    cacheWrite: counted(
      usage,
      "cache_write_tokens",
      "cache_creation_input_tokens",
      "cacheWriteInputTokens",
    ),
    reasoning: counted(usage, "reasoning_tokens", "thinking_tokens"),
  };
}

function leavesCachesOut(span: SpanView): boolean {
  const prefix = rawPrefix(span);
  const usage =
    prefix === undefined ? undefined : firstText(span.attributes, [`llm.${prefix}.usage`]);
  return counted(usage, "prompt_tokens") === undefined && prefix !== undefined;
}

function hidden(span: SpanView): JsonObject | undefined {
  return jsonObject(span.attributes, "hidden_params");
}

/** Its attributes on a span that somebody else made, where every call of a request overwrites the one before. */
function isForeign(span: SpanView): boolean {
  return span.scopeName !== "litellm" && !span.scopeName.startsWith("litellm.");
}

/**
 * LiteLLM's `otel` callback, in the proxy or in a service (scope `litellm`).
 *
 * `litellm_request`, or `chat <model>` of the newest conventions, has the usage and the cost; usage in full stands in
 * `metadata.usage_object`, as Python writes it. `raw_gen_ai_request` inside it tells of the same request again.
 * In a service that has a span of its own open, LiteLLM writes to that span instead, the last call over the others,
 * and only the raw requests tell them apart. An answer from its cache repeats the first one's id, usage and cost.
 * Source: BerriAI/litellm, litellm/integrations/opentelemetry.py (`USE_OTEL_LITELLM_REQUEST_SPAN`); docs.litellm.ai, "Caching".
 */
export const litellm: Dialect = {
  id: "litellm",
  reads: [
    "hidden_params",
    "metadata.usage_object",
    "gen_ai.cost.total_cost",
    "litellm.cost.total",
    "litellm.provider.model",
    ...rawPrefixes.flatMap((name) => [
      `llm.${name}.usage`,
      `llm.${name}.model`,
      `llm.${name}.id`,
      `llm.${name}.service_tier`,
    ]),
  ],
  node,
  meaning: (span) => {
    const told = firstText(span.attributes, ["metadata.usage_object"]) !== undefined;
    return {
      ...inclusive,
      inputIncludesCache: !leavesCachesOut(span),
      absent: {
        ...inclusive.absent,
        cacheRead: told || rawPrefix(span) !== undefined ? "zero" : "unknown",
      },
      total: "the provider's",
    };
  },
  counts: (span) => {
    const prefix = rawPrefix(span);
    return prefix === undefined
      ? own(firstText(span.attributes, ["metadata.usage_object"]))
      : raw(span, prefix);
  },
  facts: (span) => {
    const prefix = rawPrefix(span);
    if (prefix !== undefined) {
      const model = firstText(span.attributes, [`llm.${prefix}.model`]);
      return {
        operation: "chat",
        provider: prefix,
        requestModel: model,
        responseModel: model,
        responseId: firstText(span.attributes, [`llm.${prefix}.id`]),
        serviceTier: firstText(span.attributes, [`llm.${prefix}.service_tier`]),
      };
    }
    const params = hidden(span);
    const retries = member(params, "additional_headers", "x-litellm-attempted-retries");
    const provider =
      providerOf(span) ?? firstText(span.attributes, ["litellm.provider.model"])?.split("/", 1)[0];
    return {
      operation: operationOf(span),
      provider,
      reportedCostUsd: firstNumber(span.attributes, [
        "gen_ai.cost.total_cost",
        "litellm.cost.total",
      ]),
      servedFromCache: textMember(params, "cache_key") !== undefined,
      retryCount:
        typeof retries === "number" && Number.isInteger(retries) && retries > 0
          ? retries
          : undefined,
    };
  },
  doubts: (span): Doubts => (isForeign(span) ? { issue: "may_be_last_of_several" } : {}),
};
