import { jsonObject } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive, member, textMember } from "../dialect.ts";
import { anthropicDetails } from "../provider-usage.ts";

/**
 * `@ai-sdk/otel`, the Vercel AI SDK 7 (scope `gen_ai`): the conventions as written. `invoke_agent` repeats
 * the sum of its calls. Reasoning, tier and the cache's lifetime are there only with `usage: true`.
 * Source: vercel/ai, packages/otel/src.
 */
export const vercelAiOtel: Dialect = {
  id: "vercel-ai-otel",
  reads: ["ai.response.providerMetadata"],
  node: nodeByOperation,
  meaning: () => inclusive,
  keys: { reasoning: ["ai.usage.outputTokenDetails.reasoningTokens"] },
  counts: (span) => {
    const sent = jsonObject(span.attributes, "ai.response.providerMetadata");
    return anthropicDetails(member(sent, "anthropic", "usage"));
  },
  facts: (span) => {
    const sent = jsonObject(span.attributes, "ai.response.providerMetadata");
    return {
      serviceTier:
        textMember(sent, "openai", "serviceTier") ??
        textMember(sent, "anthropic", "usage", "service_tier"),
    };
  },
};
