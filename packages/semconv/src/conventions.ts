import { firstText } from "./attributes.ts";
import { costAttributes } from "./cost-attributes.ts";
import { keyList } from "./key-list.ts";
import type { UsageKeys } from "./read-usage.ts";
import type { SpanNode } from "./reading.ts";
import type { SpanView } from "./span-view.ts";
import { SpanKind } from "./span-view.ts";

/**
 * The OpenTelemetry GenAI conventions, today's names before older ones.
 *
 * Source: open-telemetry/semantic-conventions-genai, docs/gen-ai/client-inference.md and
 * docs/gen-ai/non-normative/migration.md; "input_tokens SHOULD include all types of input tokens, including
 * cached tokens". Underscored variants are what emitters wrote before the names were settled.
 */
export const usageKeys: UsageKeys = {
  input: keyList("gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens"),
  output: keyList("gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens"),
  total: keyList("gen_ai.usage.total_tokens"),
  cacheRead: keyList(
    "gen_ai.usage.cache_read.input_tokens",
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.details.cache_read_tokens",
    "gen_ai.usage.details.cache_read_input_tokens",
  ),
  cacheWrite: keyList(
    "gen_ai.usage.cache_write.input_tokens",
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.cache_write_input_tokens",
    "gen_ai.usage.details.cache_write_tokens",
    "gen_ai.usage.details.cache_creation_input_tokens",
  ),
  cacheWrite1h: keyList(
    "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
    "gen_ai.usage.cache_creation.1h_input_tokens",
  ),
  reasoning: keyList(
    "gen_ai.usage.reasoning.output_tokens",
    "gen_ai.usage.reasoning_tokens",
    "gen_ai.usage.details.reasoning_tokens",
    "gen_ai.usage.details.thinking_tokens",
  ),
  inputAudio: keyList("gen_ai.usage.audio.input_tokens", "gen_ai.usage.details.input_audio_tokens"),
  inputImage: keyList("gen_ai.usage.image.input_tokens"),
  cacheReadAudio: keyList("gen_ai.usage.audio.cache_read.input_tokens"),
  outputAudio: keyList(
    "gen_ai.usage.audio.output_tokens",
    "gen_ai.usage.details.output_audio_tokens",
  ),
  outputImage: keyList("gen_ai.usage.image.output_tokens"),
  webSearches: keyList(),
};

/** OpenRouter's, in USD: its Broadcast tells of every request by a span. */
export const openRouterCost = "gen_ai.usage.total_cost";

/** Where the conventions put the facts of a call. */
export const factKeys = {
  operation: keyList("gen_ai.operation.name"),
  // The last is Cloudflare's: developers.cloudflare.com/ai-gateway/observability/otel-integration.
  provider: keyList("gen_ai.provider.name", "gen_ai.system", "gen_ai.model.provider"),
  requestModel: keyList("gen_ai.request.model"),
  responseModel: keyList("gen_ai.response.model"),
  responseId: keyList("gen_ai.response.id"),
  serviceTier: keyList(
    "openai.response.service_tier",
    "gen_ai.openai.response.service_tier",
    "anthropic.response.service_tier",
    "gen_ai.response.service_tier",
  ),
  agent: keyList("gen_ai.agent.name"),
  tool: keyList("gen_ai.tool.name"),
  reportedCost: keyList("gen_ai.usage.cost.amount", costAttributes.shared, openRouterCost),
} as const;

/** Keys that only say what a span is about: of the conventions for MCP, retrieval and answers that failed. */
export const otherKeys = ["mcp.method.name", "gen_ai.data_source.id", "gen_ai.response.status"];

const toolKeys = keyList(...factKeys.tool, "gen_ai.data_source.id");
const statusKeys = keyList("gen_ai.response.status");

/** The provider, as the conventions' attributes name it. */
export function providerOf(span: SpanView): string | undefined {
  return firstText(span.attributes, factKeys.provider);
}

/** Operations that a provider bills. Those not named here are calls only where they carry usage. */
const calls: ReadonlySet<string> = new Set([
  "chat",
  "generate_content",
  "text_completion",
  "completion",
  "embeddings",
]);

/**
 * Operations under names that the conventions do not have.
 *
 * Source: microsoft/semantic-kernel, python 1.1 to 1.37, utils/telemetry/model_diagnostics/decorators.py, whose spans are
 * internal ones, and 1.45, of text completions; spring-projects/spring-ai, AiOperationType.
 */
const operationNames: ReadonlyMap<string, string> = new Map([
  ["chat.completions", "chat"],
  ["chat.streaming_completions", "chat"],
  ["text.completions", "text_completion"],
  ["text.streaming_completions", "text_completion"],
  ["text_completions", "text_completion"],
  ["embedding", "embeddings"],
]);

/** `sent` as the conventions name it. */
export function operationName(sent: string | undefined): string | undefined {
  return sent === undefined ? undefined : (operationNames.get(sent) ?? sent);
}

const nodes: ReadonlyMap<string, SpanNode> = new Map([
  ["invoke_agent", "agent"],
  ["invoke_workflow", "run"],
  ["workflow", "run"],
  ["execute_tool", "tool"],
  ["retrieval", "tool"],
  // Fetching a stored answer is no inference: the conventions say that it reports no usage.
  ["fetch_response", "other"],
  ["create_agent", "other"],
  ["agent_step", "other"],
  ["plan", "other"],
]);

/** What a span is by `gen_ai.operation.name`, or by its usage where an old emitter does not name it. */
export function nodeByOperation(span: SpanView): SpanNode {
  const operation = operationName(firstText(span.attributes, factKeys.operation));
  if (operation === undefined) {
    // Nor does every gateway name it, whose span is a server's.
    if (isUnnamedCall(span, SpanKind.client) || isUnnamedCall(span, SpanKind.server)) return "call";
    return span.attributes.get("mcp.method.name") === "tools/call" ? "tool" : "other";
  }
  if (calls.has(operation)) return "call";
  const node = nodes.get(operation);
  if (node !== undefined) return node;
  if (isUnnamedCall(span, SpanKind.client)) return "call";
  // Some rerankers bill by the search instead of by tokens.
  return operation === "rerank" ? "tool" : "other";
}

/**
 * Which tool a tool span is about; of a retrieval, which source it reads; else what the span's name says after the
 * operation, as in `execute_tool get_weather`, `retrieval products`, `tools/call get_weather`.
 */
export function toolByConvention(span: SpanView): string | undefined {
  const named = firstText(span.attributes, toolKeys);
  if (named !== undefined) return named;
  const after = /^(?:execute_tool|retrieval|rerank|tools\/call) (.+)$/.exec(span.name)?.[1];
  return after ?? firstText(span.attributes, factKeys.operation);
}

/**
 * What went wrong with an answer that the provider itself calls failed.
 *
 * Source: `gen_ai.response.status`, model/gen-ai/registry.yaml: queued, in_progress, completed, failed, cancelled, incomplete.
 */
export function failedStatus(span: SpanView): string | undefined {
  const status = firstText(span.attributes, statusKeys);
  return status === "failed" || status === "cancelled" ? `response_${status}` : undefined;
}

/** A span of `kind` with a model and usage: emitters of the first conventions did not name the operation. */
function isUnnamedCall(span: SpanView, kind: number): boolean {
  return (
    span.kind === kind &&
    firstText(span.attributes, factKeys.requestModel) !== undefined &&
    usageKeys.input.some((key) => span.attributes.get(key) !== undefined)
  );
}
