import { asObject, jsonObject } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, type Doubts, inclusive, inclusiveSparse, member } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

function node(span: SpanView): SpanNode {
  if (span.name === "call_llm") return "call";
  return span.name === "invocation" ? "run" : nodeByOperation(span);
}

/** The tokens of one modality, of a list of `ModalityTokenCount`. */
function modality(details: unknown, name: string): unknown {
  if (!Array.isArray(details)) return undefined;
  const found = details.find((entry) => member(asObject(entry), "modality") === name);
  return member(asObject(found), "tokenCount");
}

/**
 * Google's Agent Development Kit (scope `gcp.vertex.agent`).
 *
 * Python's version 2 follows the conventions (`generate_content <model>`), zeros left out. In JavaScript, and in
 * Python before, the call is `call_llm`: `gen_ai.usage.output_tokens` is Gemini's `candidatesTokenCount`, which leaves thinking out; thinking and
 * caches stand only in the JSON of the answer, where zeros are left out. OpenInference's instrumentation keeps the spans of
 * Python's calls from being made: each call then writes over the one before, to the agent's span.
 * Source: google/adk-js and google/adk-python, telemetry; Gemini API reference, UsageMetadata.
 */
export const googleAdk: Dialect = {
  id: "google-adk",
  reads: ["gcp.vertex.agent.llm_response"],
  node,
  meaning: (span) => {
    if (span.name !== "call_llm") return inclusiveSparse;
    const told = jsonObject(span.attributes, "gcp.vertex.agent.llm_response") !== undefined;
    const absent = told ? "zero" : "unknown";
    return {
      ...inclusive,
      outputIncludesReasoning: false,
      total: "the provider's",
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
      inputAudio: modality(member(answer, "usageMetadata", "promptTokensDetails"), "AUDIO"),
      inputImage: modality(member(answer, "usageMetadata", "promptTokensDetails"), "IMAGE"),
      cacheReadAudio: modality(member(answer, "usageMetadata", "cacheTokensDetails"), "AUDIO"),
      outputAudio: modality(member(answer, "usageMetadata", "candidatesTokensDetails"), "AUDIO"),
      outputImage: modality(member(answer, "usageMetadata", "candidatesTokensDetails"), "IMAGE"),
    };
  },
  facts: (span) => ({ operation: node(span) === "call" ? "generate_content" : undefined }),
  doubts: (span): Doubts =>
    node(span) === "call" && span.name.startsWith("invoke_agent")
      ? { issue: "may_be_last_of_several" }
      : {},
};
