import { firstText } from "../attributes.ts";
import { factKeys, nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, inclusive, lowerBoundWithoutCaches } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";

/** Whose input, as their own APIs tell it, leaves cache reads and writes out: Bedrock's, and Claude's wherever it runs. */
function leavesCachesOut(span: SpanView): boolean {
  const model = firstText(span.attributes, factKeys.requestModel) ?? "";
  return providerOf(span) === "aws.bedrock" || /claude/.test(model);
}

/**
 * Microsoft's Agent Framework for Python (scope `agent_framework`): the conventions, with counts as the provider's API
 * says them, so input of Claude and of Bedrock leaves caches out and Gemini's output leaves thinking out. `invoke_agent`
 * repeats the sum of its calls.
 * Source: microsoft/agent-framework, python 1.23.0, observability.py, `USAGE_DETAIL_TO_OTEL_ATTR`; `_parse_usage` of its
 * packages for Anthropic, Bedrock and Gemini.
 */
export const agentFramework: Dialect = {
  id: "agent-framework",
  reads: [],
  node: nodeByOperation,
  meaning: (span) => ({
    ...inclusive,
    inputIncludesCache: !leavesCachesOut(span),
    outputIncludesReasoning: providerOf(span) !== "gcp.gemini",
  }),
  doubts: (span, raw) =>
    nodeByOperation(span) === "call" && leavesCachesOut(span) ? lowerBoundWithoutCaches(raw) : {},
};
