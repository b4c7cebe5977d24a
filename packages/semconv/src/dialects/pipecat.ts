import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, inclusive, lowerBoundWithoutCaches } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";

function isGoogle(span: SpanView): boolean {
  return (providerOf(span) ?? "").startsWith("gcp.");
}

/** Whose input, as their own APIs tell it, leaves cache reads and writes out. */
function leavesCachesOut(span: SpanView): boolean {
  return /^(anthropic|aws\.bedrock)$/.test(providerOf(span) ?? "");
}

/**
 * Pipecat (scope `pipecat`): counts are what the provider's API says, so Anthropic's and Bedrock's input leaves caches out,
 * and Google's output leaves thinking out. Of Anthropic's streams it adds the running totals of their end to the counts of
 * their start, which API versions that repeat the input at the end make twice as much.
 * Source: pipecat-ai/pipecat, utils/tracing/service_decorators.py at 01b7a93, `_add_token_usage_to_span`; services of
 * Anthropic, AWS and Google, `_process_context`; its pull requests 3011 and 5163.
 */
export const pipecat: Dialect = {
  id: "pipecat",
  reads: [],
  node: nodeByOperation,
  meaning: (span) => ({
    ...inclusive,
    inputIncludesCache: !leavesCachesOut(span),
    outputIncludesReasoning: !isGoogle(span),
  }),
  doubts: (span, raw) => {
    if (providerOf(span) === "anthropic") {
      return { quality: "partial", issue: "input_may_be_overstated" };
    }
    return leavesCachesOut(span) ? lowerBoundWithoutCaches(raw) : {};
  },
};
