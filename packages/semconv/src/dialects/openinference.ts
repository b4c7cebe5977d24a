import { firstText, type JsonObject, jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, inclusiveSparse, member, textMember } from "../dialect.ts";
import { langchainCacheWrites, providerDetails } from "../provider-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["LLM", "call"],
  ["EMBEDDING", "call"],
  ["AGENT", "agent"],
  ["TOOL", "tool"],
  ["RETRIEVER", "tool"],
]);

function node(span: SpanView): SpanNode {
  const kind = firstText(span.attributes, ["openinference.span.kind"]) ?? "";
  // Envoy's AI gateway marks Anthropic's count of tokens as a call of the model, with its result as the prompt's.
  if (span.name === "CountTokens") return "other";
  // One that tells of tokens is billed by them; others, by the search.
  if (kind === "RERANKER") {
    return span.attributes.get("llm.token_count.prompt") === undefined ? "tool" : "call";
  }
  if (kind === "AGENT") return isTrace(span) ? "run" : "agent";
  return kind === "CHAIN" ? nodeOfChain(span) : (kinds.get(kind) ?? "other");
}

/** The OpenAI Agents SDK's trace is marked AGENT too; its agents have a name. */
function isTrace(span: SpanView): boolean {
  return (
    /openai[-_]agents$/.test(span.scopeName) &&
    firstText(span.attributes, ["agent.name", "graph.node.id"]) === undefined
  );
}

/** CrewAI and AutoGen name an agent as a node of a graph, and their spans by what it does; Agno's nodes are numbers. */
function agentName(span: SpanView): string {
  const graphNode = firstText(span.attributes, ["graph.node.id"]);
  const named = /^[0-9a-f-]{16,}$/.test(graphNode ?? "") ? undefined : graphNode;
  return firstText(span.attributes, ["agent.name"]) ?? named ?? span.name;
}

/** LangChain marks graphs, and before 2026 agents, as CHAIN, like each of their steps. */
function nodeOfChain(span: SpanView): SpanNode {
  if (span.name === "LangGraph" || span.name === "AgentExecutor") return "run";
  const agent = textMember(jsonObject(span.attributes, "metadata"), "lc_agent_name");
  return agent !== undefined && agent === span.name ? "agent" : "other";
}

/** The provider's own answer, which OpenInference keeps unless outputs are hidden. */
function answer(span: SpanView): JsonObject | undefined {
  return jsonObject(span.attributes, "output.value");
}

/**
 * Where LangChain's answer has the parts of its input: OpenInference passes only `cache_creation` of Anthropic's cache
 * writes on. Source: openinference-instrumentation-langchain, _tracer.py, `_token_counts_from_lc_usage_metadata`.
 */
const langchainDetails = [
  ...["generations", "0", "0", "message", "kwargs"],
  ...["usage_metadata", "input_token_details"],
];

/** Its instrumentations that send the parts of the counts; the others send input and output alone. */
const sendsParts =
  /[.-](openai|openai[_-]agents|anthropic|bedrock|google[_-]genai|langchain|litellm|vertexai|google[_-]adk)$/;

/** Anthropic's thinking tokens and Bedrock's are not mapped: absent does not mean zero. */
function tellsReasoning(span: SpanView): boolean {
  const system = firstText(span.attributes, ["llm.system"]);
  const provider = firstText(span.attributes, ["llm.provider"]);
  return system !== "anthropic" && provider !== "aws";
}

/**
 * OpenInference (`@arizeai/openinference-instrumentation-*`, `openinference.instrumentation.*`).
 *
 * Input includes cache reads and writes for every provider, and counts of zero are left out. OpenAI's cache
 * writes (of JavaScript), Anthropic's one-hour ones, its web searches and thinking, and the service tier stand only
 * in the raw answer; of Portkey's client all parts of the counts do. Source: Arize-ai/openinference, spec/semantic_conventions.md; its instrumentations'
 * `getUsageAttributes`, `_get_token_counts`.
 */
export const openinference: Dialect = {
  id: "openinference",
  reads: [
    "openinference.span.kind",
    "metadata",
    "output.value",
    "tool.name",
    "agent.name",
    "graph.node.id",
    "llm.provider",
    "llm.system",
    "llm.request.model_name",
    "llm.response.model_name",
    "llm.model_name",
    "embedding.model_name",
    "reranker.model_name",
    "llm.cost.total",
  ],
  node,
  meaning: (span) => {
    if (!sendsParts.test(span.scopeName)) return inclusive;
    const system = firstText(span.attributes, ["llm.system"]);
    const hidden = system === "openai" && answer(span) === undefined;
    return {
      ...inclusiveSparse,
      absent: {
        cacheRead: "zero",
        cacheWrite: hidden ? "unknown" : "zero",
        reasoning: tellsReasoning(span) ? "zero" : "unknown",
      },
    };
  },
  keys: {
    input: ["llm.token_count.prompt"],
    output: ["llm.token_count.completion"],
    total: ["llm.token_count.total"],
    cacheRead: [
      "llm.token_count.prompt_details.cache_read",
      "llm.token_count.prompt_details.cache_input",
    ],
    cacheWrite: ["llm.token_count.prompt_details.cache_write"],
    reasoning: ["llm.token_count.completion_details.reasoning"],
    inputAudio: ["llm.token_count.prompt_details.audio"],
    outputAudio: ["llm.token_count.completion_details.audio"],
  },
  counts: (span) => {
    if (node(span) !== "call") return {};
    const raw = answer(span);
    const usage = member(raw, "usage");
    const langchain = member(raw, ...langchainDetails);
    const writes = langchainCacheWrites((name) => member(langchain, name));
    return {
      ...providerDetails(usage),
      ...(langchain === undefined ? {} : writes),
      cacheRead:
        member(usage, "prompt_tokens_details", "cached_tokens") ??
        member(usage, "input_tokens_details", "cached_tokens"),
      cacheWrite:
        writes.cacheWrite ??
        member(usage, "prompt_tokens_details", "cache_write_tokens") ??
        member(usage, "input_tokens_details", "cache_write_tokens"),
      reasoning:
        member(usage, "completion_tokens_details", "reasoning_tokens") ??
        member(usage, "output_tokens_details", "reasoning_tokens") ??
        member(usage, "output_tokens_details", "thinking_tokens"),
    };
  },
  facts: (span) => {
    const kind = node(span);
    const cost = span.attributes.get("llm.cost.total");
    // An agent's span names its model too, and may have to stand in for calls that nobody tells of.
    const asked = {
      provider: firstText(span.attributes, ["llm.provider", "llm.system"]),
      requestModel: firstText(span.attributes, [
        "llm.request.model_name",
        "llm.model_name",
        "embedding.model_name",
        "reranker.model_name",
      ]),
      responseModel: firstText(span.attributes, ["llm.response.model_name", "llm.model_name"]),
      reportedCostUsd: typeof cost === "number" ? cost : undefined,
    };
    if (kind !== "call") {
      return {
        ...asked,
        tool:
          kind === "tool" ? (firstText(span.attributes, ["tool.name"]) ?? span.name) : undefined,
        agent: kind === "agent" ? agentName(span) : undefined,
      };
    }
    const raw = answer(span);
    return {
      ...asked,
      operation: operations.get(firstText(span.attributes, ["openinference.span.kind"]) ?? ""),
      responseId: textMember(raw, "id"),
      serviceTier: textMember(raw, "service_tier") ?? textMember(raw, "usage", "service_tier"),
    };
  },
};

const operations: ReadonlyMap<string, string> = new Map([
  ["LLM", "chat"],
  ["EMBEDDING", "embeddings"],
  ["RERANKER", "rerank"],
]);
