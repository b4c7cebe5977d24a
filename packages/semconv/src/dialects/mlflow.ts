import { type JsonObject, jsonObject, textOf } from "../attributes.ts";
import { nodeByOperation, providerOf } from "../conventions.ts";
import {
  type Dialect,
  type Doubts,
  inclusive,
  lowerBoundWithoutCaches,
  member,
  textMember,
} from "../dialect.ts";
import { providerDetails } from "../provider-usage.ts";
import type { RawCounts } from "../read-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";
import { isInRange } from "../versions.ts";

const usageKey = "mlflow.chat.tokenUsage";
const typeKey = "mlflow.spanType";
const sdkName = "telemetry.sdk.name";
const sdkVersion = "telemetry.sdk.version";

const nodes: ReadonlyMap<string, SpanNode> = new Map([
  ["CHAT_MODEL", "call"],
  ["LLM", "call"],
  ["EMBEDDING", "call"],
  ["AGENT", "agent"],
  ["TOOL", "tool"],
  ["RETRIEVER", "tool"],
  ["RERANKER", "tool"],
]);

const operations: ReadonlyMap<string, string> = new Map([
  ["CHAT_MODEL", "chat"],
  ["LLM", "generate_content"],
  ["EMBEDDING", "embeddings"],
]);

/** A text, which MLflow writes as JSON like every value: in quotes. */
function text(span: SpanView, key: string): string | undefined {
  const value = textOf(span.attributes, key);
  if (value?.[0] !== '"') return value;
  try {
    const parsed: unknown = JSON.parse(value);
    return typeof parsed === "string" && parsed !== "" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** Steps of a chain are no runs; a chain that tells of tokens tells the sum of its calls. */
function node(span: SpanView): SpanNode {
  const type = text(span, typeKey);
  // MLFLOW_ENABLE_OTEL_GENAI_SEMCONV takes all of MLflow's own attributes away.
  if (type === undefined) return nodeByOperation(span);
  // Gemini's count of tokens is marked as a call of the model, and is none.
  if (span.name.endsWith("count_tokens")) return "other";
  return nodes.get(type) ?? (span.attributes.get(usageKey) === undefined ? "other" : "run");
}

/** The JSON of a span. */
interface Told {
  /** What MLflow says was used. */
  readonly usage: JsonObject | undefined;
  /** The provider's answer, of calls. */
  readonly answer: JsonObject | undefined;
  /** The provider's own usage, in its answer; of streams and of frameworks there is none. */
  readonly own: unknown;
}

const known = new WeakMap<SpanView, Told>();

/** Parsed once: an answer holds all that the model said. */
function toldBy(span: SpanView): Told {
  const before = known.get(span);
  if (before !== undefined) return before;
  const answer =
    node(span) === "call" ? jsonObject(span.attributes, "mlflow.spanOutputs") : undefined;
  const told = {
    usage: jsonObject(span.attributes, usageKey),
    answer,
    own: member(answer, "usage") ?? member(answer, "usage_metadata"),
  };
  known.set(span, told);
  return told;
}

/** The first of `names` that is there. */
function first(usage: unknown, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = member(usage, name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Input as a provider tells it whose input leaves caches out: Anthropic, and Bedrock's Converse. */
function inputApart(own: unknown): unknown {
  // OpenAI's responses have `input_tokens` too, and caches inside.
  if (member(own, "input_tokens_details") !== undefined) return undefined;
  return first(own, "input_tokens", "inputTokens");
}

function isApartByProvider(span: SpanView): boolean {
  const format = text(span, "mlflow.message.format");
  return format === "anthropic" || format === "bedrock";
}

/** What LangChain tells of Claude's caches is not always inside what it tells of the input. */
function isClaudeOfLangchain(span: SpanView): boolean {
  const format = text(span, "mlflow.message.format");
  return format === "langchain" && /claude/.test(text(span, "mlflow.llm.model") ?? "");
}

function isGemini(span: SpanView): boolean {
  return text(span, "mlflow.message.format") === "gemini";
}

/** Caches as MLflow tells them, or as the provider's answer does; where that says nothing of them, there were none. */
function caches({ usage, own }: Told): Pick<RawCounts, "cacheRead" | "cacheWrite"> {
  const none = inputApart(own) === undefined ? undefined : 0;
  return {
    cacheRead:
      member(usage, "cache_read_input_tokens") ??
      first(own, "cache_read_input_tokens", "cacheReadInputTokens", "cached_content_token_count") ??
      member(own, "prompt_tokens_details", "cached_tokens") ??
      member(own, "input_tokens_details", "cached_tokens") ??
      none,
    cacheWrite:
      member(usage, "cache_creation_input_tokens") ??
      first(own, "cache_creation_input_tokens", "cacheWriteInputTokens") ??
      member(own, "prompt_tokens_details", "cache_write_tokens") ??
      none,
  };
}

/** True where input leaves caches out, false where it includes them, `undefined` where the span does not tell. */
function leavesCachesOut(span: SpanView): boolean | undefined {
  const told = toldBy(span);
  const input = member(told.usage, "input_tokens");
  const { cacheRead, cacheWrite } = caches(told);
  const cached = Number(cacheRead ?? 0) + Number(cacheWrite ?? 0);
  const apart = inputApart(told.own);
  if (apart !== undefined) return apart === input;
  if (cached > Number(input)) return true;
  const mayBeApart = isApartByProvider(span) || isClaudeOfLangchain(span);
  return mayBeApart && cached > 0 ? undefined : false;
}

/** What Gemini's total counts beyond prompt and candidates. */
function thoughts(usage: unknown): number | undefined {
  const [input, output, total] = ["input_tokens", "output_tokens", "total_tokens"].map((name) =>
    Number(member(usage, name)),
  ) as [number, number, number];
  const rest = total - input - output;
  return rest >= 0 ? rest : undefined;
}

/** MLflow's version, which is its resource's where its traces are its own: there it is the SDK. */
function version({ resource }: SpanView): string {
  return (resource.get(sdkName) === "mlflow" && textOf(resource, sdkVersion)) || "";
}

/** What the translation to the conventions leaves out, with MLFLOW_ENABLE_OTEL_GENAI_SEMCONV. */
function doubtsOfTranslated(span: SpanView): Doubts {
  const leavesOut = /gemini/.test(providerOf(span) ?? "") && !isInRange(version(span), ">=3.18");
  return leavesOut ? { quality: "partial", issue: "output_excludes_reasoning" } : {};
}

function doubts(span: SpanView, raw: RawCounts): Doubts {
  if (text(span, typeKey) === undefined) return doubtsOfTranslated(span);
  if (isGemini(span)) {
    const { usage, own } = toldBy(span);
    const isTold = member(own, "thoughts_token_count") !== undefined;
    return !isTold && thoughts(usage) !== 0 ? { issue: "reasoning_from_total" } : {};
  }
  if (leavesCachesOut(span) === undefined) {
    return { quality: "partial", issue: "input_may_exclude_cache" };
  }
  return isApartByProvider(span) ? lowerBoundWithoutCaches(raw) : {};
}

/**
 * MLflow's own tracing (scope `mlflow.tracing.provider`, without a version): usage is JSON. Anthropic's and Bedrock's input
 * leaves caches out in versions up to April and August 2026 and includes them since; the provider's answer in the span's
 * outputs tells which. Gemini's output leaves thinking out before 3.18, which the total tells.
 * Source: mlflow/mlflow, tracing/constant.py at 0044946, export/genai_semconv/translator.py at 0de5bc8, anthropic/autolog.py
 * at 00959a6, bedrock/utils.py at ec30d21, gemini/autolog.py of the published 3.17.2 and 3.18.0; its pull requests 20956
 * (caches), 22516 (Anthropic) and 24899 (Bedrock).
 */
export const mlflow: Dialect = {
  id: "mlflow",
  reads: [
    typeKey,
    usageKey,
    "mlflow.message.format",
    "mlflow.spanOutputs",
    "mlflow.llm.model",
    "mlflow.llm.provider",
    "mlflow.llm.cost",
    "model",
    sdkName,
    sdkVersion,
  ],
  node,
  meaning: (span) => ({
    ...inclusive,
    inputIncludesCache: leavesCachesOut(span) !== true,
    outputIncludesReasoning: !isGemini(span),
    total: isGemini(span) ? "the provider's" : "own sum",
  }),
  counts: (span) => {
    const told = toldBy(span);
    const { usage, own } = told;
    return {
      ...providerDetails(own),
      // Of embeddings only the answer tells.
      input: member(usage, "input_tokens") ?? (usage ? undefined : member(own, "prompt_tokens")),
      output: member(usage, "output_tokens"),
      total: member(usage, "total_tokens"),
      ...caches(told),
      reasoning:
        member(own, "completion_tokens_details", "reasoning_tokens") ??
        member(own, "output_tokens_details", "reasoning_tokens") ??
        member(own, "output_tokens_details", "thinking_tokens") ??
        member(own, "thoughts_token_count") ??
        // Since 3.18 they are in output, and nothing is left over.
        (isGemini(span) ? thoughts(usage) || undefined : undefined),
    };
  },
  doubts,
  facts: (span) => {
    const kind = node(span);
    const { answer: raw } = toldBy(span);
    const cost = member(jsonObject(span.attributes, "mlflow.llm.cost"), "total_cost");
    return {
      operation: kind === "call" ? operations.get(text(span, typeKey) ?? "") : undefined,
      provider: provider(span),
      requestModel: text(span, "mlflow.llm.model") ?? text(span, "model"),
      responseModel: textMember(raw, "model"),
      responseId: textMember(raw, "id"),
      serviceTier: textMember(raw, "service_tier") ?? textMember(raw, "usage", "service_tier"),
      agent: kind === "agent" ? span.name.replace(/^invoke_agent /, "") : undefined,
      tool: kind === "tool" && text(span, typeKey) !== undefined ? span.name : undefined,
      reportedCostUsd: typeof cost === "number" ? cost : undefined,
    };
  },
};

/**
 * Anthropic's, Bedrock's and Gemini's formats are of one provider each; OpenAI's is spoken by many. What it calls the
 * provider of Bedrock's is the begin of the model's name: `us`, of `us.anthropic.claude-…`.
 */
function provider(span: SpanView): string | undefined {
  const format = text(span, "mlflow.message.format");
  const named = format === "bedrock" ? undefined : text(span, "mlflow.llm.provider");
  return named ?? (isApartByProvider(span) || isGemini(span) ? format : undefined);
}
