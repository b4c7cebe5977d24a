import { firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, member, textMember } from "../dialect.ts";
import { anthropicDetails } from "../provider-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const calls = /\.(doGenerate|doStream|doEmbed|doGenerateObject|doStreamObject)$/;

function operationId(span: SpanView): string {
  return firstText(span.attributes, ["ai.operationId"]) ?? span.name;
}

/** `ai.generateText` wraps the calls and repeats their usage: the last step's in version 5, the sum in 6. */
function node(span: SpanView): SpanNode {
  const id = operationId(span);
  if (calls.test(id)) return "call";
  if (id === "ai.toolCall") return "tool";
  return id.startsWith("ai.") ? "run" : "other";
}

function provider(span: SpanView): string | undefined {
  return firstText(span.attributes, ["gen_ai.system", "ai.model.provider"]);
}

function metadata(span: SpanView): JsonObject | undefined {
  return jsonObject(span.attributes, "ai.response.providerMetadata");
}

/** Since version 6 input is split into details; before, Anthropic's and Bedrock's input left caches out. */
function leavesCacheOut(span: SpanView): boolean {
  const detailed = span.attributes.get("ai.usage.inputTokenDetails.noCacheTokens") !== undefined;
  return !detailed && /anthropic|bedrock/.test(provider(span) ?? "");
}

/** Before version 6 Gemini's output was its `candidatesTokenCount`, which leaves thinking out. */
function leavesThinkingOut(span: SpanView): boolean {
  const answered = member(metadata(span), "google", "usageMetadata", "candidatesTokenCount");
  return answered !== undefined && answered === span.attributes.get("gen_ai.usage.output_tokens");
}

/**
 * The Vercel AI SDK's own spans (scope `ai`), versions 3 to 6 and the legacy integration of 7.
 *
 * Token counts stand under `gen_ai.usage.*` and again under `ai.usage.*`; what a version lacks is taken from
 * the provider's metadata where that has it. Source: vercel/ai, packages/ai/src/generate-text, and
 * ai-sdk.dev, "Telemetry".
 */
export const vercelAi: Dialect = {
  id: "vercel-ai",
  reads: [
    "ai.operationId",
    "ai.model.provider",
    "ai.model.id",
    "ai.response.model",
    "ai.response.id",
    "ai.response.providerMetadata",
    "ai.usage.inputTokenDetails.noCacheTokens",
    "ai.toolCall.name",
  ],
  node,
  meaning: (span) => ({
    ...inclusive,
    inputIncludesCache: !leavesCacheOut(span),
    outputIncludesReasoning: !leavesThinkingOut(span),
  }),
  keys: {
    input: [
      "gen_ai.usage.input_tokens",
      "ai.usage.inputTokens",
      "ai.usage.promptTokens",
      "ai.usage.tokens",
    ],
    output: ["gen_ai.usage.output_tokens", "ai.usage.outputTokens", "ai.usage.completionTokens"],
    total: ["ai.usage.totalTokens"],
    cacheRead: ["ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens"],
    cacheWrite: ["ai.usage.inputTokenDetails.cacheWriteTokens"],
    reasoning: ["ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens"],
  },
  counts: (span) => {
    if (node(span) !== "call") return {};
    const sent = metadata(span);
    return {
      ...anthropicDetails(member(sent, "anthropic", "usage")),
      cacheRead:
        member(sent, "anthropic", "usage", "cache_read_input_tokens") ??
        member(sent, "google", "usageMetadata", "cachedContentTokenCount"),
      reasoning: member(sent, "google", "usageMetadata", "thoughtsTokenCount"),
      cacheWrite:
        member(sent, "anthropic", "usage", "cache_creation_input_tokens") ??
        member(sent, "openai", "usage", "cacheWriteTokens"),
    };
  },
  facts: (span) => {
    const kind = node(span);
    if (kind === "tool") return { tool: firstText(span.attributes, ["ai.toolCall.name"]) };
    const sent = metadata(span);
    return {
      operation: operationId(span).endsWith(".doEmbed") ? "embeddings" : "chat",
      provider: provider(span),
      requestModel: firstText(span.attributes, ["gen_ai.request.model", "ai.model.id"]),
      responseModel: firstText(span.attributes, ["gen_ai.response.model", "ai.response.model"]),
      responseId: firstText(span.attributes, ["gen_ai.response.id", "ai.response.id"]),
      serviceTier:
        textMember(sent, "openai", "serviceTier") ??
        textMember(sent, "anthropic", "usage", "service_tier"),
    };
  },
};
