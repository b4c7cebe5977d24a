import { firstText } from "../attributes.ts";
import { factKeys, nodeByOperation, providerOf, usageKeys } from "../conventions.ts";
import { type Dialect, inclusive, lowerBoundWithoutCaches } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

/** A setting that only services of 1.13 and later have: the scope tells no version. */
const settingSince113 = "param.use_provider_thinking_default";
const reasoningSince113 = "gen_ai.usage.reasoning.output_tokens";

function isGoogle(span: SpanView): boolean {
  return (providerOf(span) ?? "").startsWith("gcp.");
}

/** Whose input, as their own APIs tell it, leaves cache reads and writes out. */
function leavesCachesOut(span: SpanView): boolean {
  return /^(anthropic|aws\.bedrock)$/.test(providerOf(span) ?? "");
}

/** An answer of a model that is spoken with, by a connection that stays open: OpenAI's Realtime and Gemini's Live. */
function isSpokenAnswer(span: SpanView): boolean {
  return firstText(span.attributes, factKeys.operation) === "llm_response";
}

function node(span: SpanView): SpanNode {
  if (!isSpokenAnswer(span)) return nodeByOperation(span);
  return usageKeys.input.some((key) => span.attributes.get(key) !== undefined) ? "call" : "other";
}

function isSince113(span: SpanView): boolean {
  // Spans of spoken answers have no settings; what they call thinking changed with what it is part of.
  const mark = isSpokenAnswer(span) ? reasoningSince113 : settingSince113;
  return span.attributes.get(mark) !== undefined;
}

/**
 * Pipecat (scope `pipecat`): counts are what the provider's API says, so Anthropic's and Bedrock's input leaves caches out.
 * Google's output leaves thinking out before 1.13 and includes it since. Of Anthropic's streams it adds, before 1.13, the
 * running totals of their end to the counts of their start, which API versions that repeat the input at the end make twice
 * as much.
 * Source: the published pipecat-ai 1.12.0, 1.13.0 and 1.14.0, utils/tracing/service_decorators.py,
 * `_add_token_usage_to_span`, `traced_gemini_live`, `traced_openai_realtime`; services of Anthropic, AWS and Google,
 * `_process_context`; its pull requests 3011 and 5163.
 */
export const pipecat: Dialect = {
  id: "pipecat",
  reads: [settingSince113],
  node,
  meaning: (span) => ({
    ...inclusive,
    inputIncludesCache: !leavesCachesOut(span),
    outputIncludesReasoning: !isGoogle(span) || isSince113(span),
  }),
  doubts: (span, raw) => {
    if (providerOf(span) === "anthropic" && !isSince113(span)) {
      return { quality: "partial", issue: "input_may_be_overstated" };
    }
    return leavesCachesOut(span) ? lowerBoundWithoutCaches(raw) : {};
  },
  facts: (span) => (isSpokenAnswer(span) && node(span) === "call" ? { operation: "chat" } : {}),
};
