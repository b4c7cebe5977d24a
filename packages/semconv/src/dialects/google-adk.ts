import { jsonObject } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive, member } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

function node(span: SpanView): SpanNode {
  if (span.name === "call_llm") return "call";
  return span.name === "invocation" ? "run" : nodeByOperation(span);
}

/**
 * Google's Agent Development Kit (scope `gcp.vertex.agent`).
 *
 * `gen_ai.usage.output_tokens` is Gemini's `candidatesTokenCount`, which leaves thinking out; thinking and
 * caches stand only in the JSON of the answer, where zeros are left out.
 * Source: google/adk-js, telemetry; Gemini API reference, UsageMetadata.
 */
export const googleAdk: Dialect = {
  id: "google-adk",
  reads: ["gcp.vertex.agent.llm_response"],
  node,
  meaning: (span) => {
    const told = jsonObject(span.attributes, "gcp.vertex.agent.llm_response") !== undefined;
    const absent = told ? "zero" : "unknown";
    return {
      ...inclusive,
      outputIncludesReasoning: false,
      // Gemini bills cached content by storage time, not by writing: there are no cache-write tokens.
      absent: { cacheRead: absent, cacheWrite: "zero", reasoning: absent },
    };
  },
  counts: (span) => {
    if (node(span) !== "call") return {};
    const answer = jsonObject(span.attributes, "gcp.vertex.agent.llm_response");
    return {
      cacheRead: member(answer, "usageMetadata", "cachedContentTokenCount"),
      reasoning: member(answer, "usageMetadata", "thoughtsTokenCount"),
      total: member(answer, "usageMetadata", "totalTokenCount"),
    };
  },
  facts: (span) => ({ operation: node(span) === "call" ? "generate_content" : undefined }),
};
