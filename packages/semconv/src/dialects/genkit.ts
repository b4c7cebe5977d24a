import { firstText, type JsonObject, jsonObject } from "../attributes.ts";
import {
  type Dialect,
  inclusive,
  lowerBoundWithoutCaches,
  member,
  textMember,
} from "../dialect.ts";
import { providerDetails } from "../provider-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["model", "call"],
  ["embedder", "call"],
  ["tool", "tool"],
  // Go's.
  ["tool.v2", "tool"],
  ["retriever", "tool"],
  ["reranker", "tool"],
  ["flow", "run"],
]);

/** Each turn of a loop is a `generate` inside the one before, and tells its usage again: only the model's own counts. */
function node(span: SpanView): SpanNode {
  const { attributes } = span;
  const kind = firstText(attributes, ["genkit:metadata:subtype", "genkit:type"]) ?? "";
  return kinds.get(kind) ?? "other";
}

function output(span: SpanView): JsonObject | undefined {
  return node(span) === "call" ? jsonObject(span.attributes, "genkit:output") : undefined;
}

/** `openai/gpt-5-mini`: the plugin, and the model as the plugin's provider calls it. */
function nameParts(
  span: SpanView,
): readonly [plugin: string | undefined, model: string | undefined] {
  const name = firstText(span.attributes, ["genkit:name"]);
  const [plugin, ...model] = name?.split("/") ?? [];
  return model.length === 0 ? [undefined, plugin] : [plugin, model.join("/")];
}

/**
 * Genkit (scope `genkit-tracer`): no attributes of the conventions; the usage stands in the JSON of a model's output, in
 * Genkit's words and, in JavaScript under `raw`, as the provider sent it. OpenAI's counts include caches and reasoning;
 * Gemini's output leaves thinking out, Anthropic's input caches, of which Go tells nothing. An embedder tells of no usage.
 * Source: firebase/genkit, js/ai/src/model-types.ts (GenerationUsage), js/plugins/compat-oai, google-genai, anthropic; in
 * go/plugins the same.
 */
export const genkit: Dialect = {
  id: "genkit",
  reads: ["genkit:metadata:subtype", "genkit:type", "genkit:name", "genkit:output"],
  node,
  meaning: (span) => {
    const [plugin = ""] = nameParts(span);
    const raw = member(output(span), "raw", "usage") !== undefined;
    const google = /^(googleai|vertexai)$/.test(plugin);
    return {
      inputIncludesCache: plugin !== "anthropic",
      outputIncludesReasoning: !google,
      absent: {
        ...inclusive.absent,
        cacheRead: google ? "zero" : "unknown",
        cacheWrite: google || (raw && plugin === "openai") ? "zero" : "unknown",
        reasoning: google ? "zero" : "unknown",
      },
      total: "the provider's",
    };
  },
  counts: (span) => {
    const answer = output(span);
    const raw = (...names: string[]) => member(answer, "raw", "usage", ...names);
    return {
      ...providerDetails(raw()),
      input: member(answer, "usage", "inputTokens"),
      output: member(answer, "usage", "outputTokens"),
      total: member(answer, "usage", "totalTokens"),
      cacheRead:
        raw("prompt_tokens_details", "cached_tokens") ??
        raw("cache_read_input_tokens") ??
        member(answer, "usage", "cachedContentTokens"),
      cacheWrite:
        raw("prompt_tokens_details", "cache_write_tokens") ?? raw("cache_creation_input_tokens"),
      reasoning:
        raw("completion_tokens_details", "reasoning_tokens") ??
        raw("output_tokens_details", "thinking_tokens") ??
        member(answer, "usage", "thoughtsTokens"),
    };
  },
  doubts: (span, raw) => (nameParts(span)[0] === "anthropic" ? lowerBoundWithoutCaches(raw) : {}),
  facts: (span) => {
    const kind = node(span);
    const name = firstText(span.attributes, ["genkit:name"]);
    if (kind !== "call") return { tool: kind === "tool" ? name : undefined };
    const [provider, model] = nameParts(span);
    const answer = output(span);
    const embeds = firstText(span.attributes, ["genkit:metadata:subtype"]) === "embedder";
    return {
      operation: embeds ? "embeddings" : "chat",
      provider,
      requestModel: model,
      responseModel: textMember(answer, "raw", "model"),
      responseId: textMember(answer, "raw", "id"),
      serviceTier: textMember(answer, "raw", "service_tier"),
    };
  },
};
