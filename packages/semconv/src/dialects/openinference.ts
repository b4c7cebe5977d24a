import { firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { type Dialect, inclusiveSparse, member, textMember } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["LLM", "call"],
  ["EMBEDDING", "call"],
  ["AGENT", "agent"],
  ["TOOL", "tool"],
]);

/** LangChain marks agents and graphs as CHAIN, like each of their steps. */
function node(span: SpanView): SpanNode {
  const kind = firstText(span.attributes, ["openinference.span.kind"]) ?? "";
  if (kind !== "CHAIN") return kinds.get(kind) ?? "other";
  if (span.name === "LangGraph" || span.name === "AgentExecutor") return "run";
  const agent = textMember(jsonObject(span.attributes, "metadata"), "lc_agent_name");
  return agent !== undefined && agent === span.name ? "agent" : "other";
}

/** The provider's own answer, which OpenInference keeps unless outputs are hidden. */
function answer(span: SpanView): JsonObject | undefined {
  return jsonObject(span.attributes, "output.value");
}

/**
 * OpenInference (`@arizeai/openinference-instrumentation-*`, `openinference.instrumentation.*`).
 *
 * Input includes cache reads and writes for every provider, and counts of zero are left out. OpenAI's cache
 * writes, Anthropic's one-hour ones and the service tier stand only in the raw answer.
 * Source: Arize-ai/openinference, spec/semantic_conventions.md; its instrumentations' `getUsageAttributes`.
 */
export const openinference: Dialect = {
  id: "openinference",
  reads: [
    "openinference.span.kind",
    "metadata",
    "output.value",
    "tool.name",
    "agent.name",
    "llm.provider",
    "llm.system",
    "llm.request.model_name",
    "llm.response.model_name",
    "llm.model_name",
    "embedding.model_name",
  ],
  node,
  meaning: (span) => {
    const system = firstText(span.attributes, ["llm.system"]);
    const hidden = system === "openai" && answer(span) === undefined;
    return {
      ...inclusiveSparse,
      absent: {
        cacheRead: "zero",
        cacheWrite: hidden ? "unknown" : "zero",
        // Anthropic's thinking tokens are not mapped.
        reasoning: system === "anthropic" ? "unknown" : "zero",
      },
    };
  },
  keys: {
    input: ["llm.token_count.prompt"],
    output: ["llm.token_count.completion"],
    total: ["llm.token_count.total"],
    cacheRead: ["llm.token_count.prompt_details.cache_read"],
    cacheWrite: ["llm.token_count.prompt_details.cache_write"],
    reasoning: ["llm.token_count.completion_details.reasoning"],
  },
  counts: (span) => {
    if (node(span) !== "call") return {};
    const raw = answer(span);
    return {
      cacheWrite:
        member(raw, "usage", "prompt_tokens_details", "cache_write_tokens") ??
        member(raw, "usage", "input_tokens_details", "cache_write_tokens"),
      cacheWrite1h: member(raw, "usage", "cache_creation", "ephemeral_1h_input_tokens"),
    };
  },
  facts: (span) => {
    const kind = node(span);
    if (kind !== "call") {
      return {
        tool: kind === "tool" ? firstText(span.attributes, ["tool.name"]) : undefined,
        agent:
          kind === "agent" ? (firstText(span.attributes, ["agent.name"]) ?? span.name) : undefined,
      };
    }
    const raw = answer(span);
    const embedding = firstText(span.attributes, ["openinference.span.kind"]) === "EMBEDDING";
    return {
      operation: embedding ? "embeddings" : "chat",
      provider: firstText(span.attributes, ["llm.provider", "llm.system"]),
      requestModel: firstText(span.attributes, [
        "llm.request.model_name",
        "llm.model_name",
        "embedding.model_name",
      ]),
      responseModel: firstText(span.attributes, ["llm.response.model_name", "llm.model_name"]),
      responseId: textMember(raw, "id"),
      serviceTier: textMember(raw, "service_tier") ?? textMember(raw, "usage", "service_tier"),
    };
  },
};
