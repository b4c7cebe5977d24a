import { firstText } from "../attributes.ts";
import { factKeys, nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, type Doubts, inclusive, lowerBoundWithoutCaches } from "../dialect.ts";
import type { RawCounts } from "../read-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

/** Calls are internal spans that name a model, and neither the operation nor the provider. */
function isUnnamed({ attributes }: SpanView): boolean {
  return (
    firstText(attributes, factKeys.operation) === undefined &&
    firstText(attributes, factKeys.requestModel) !== undefined
  );
}

function node(span: SpanView): SpanNode {
  return isUnnamed(span) ? "call" : nodeByOperation(span);
}

/** Provider and model, of which older versions tell the model alone. */
function modelOf(span: SpanView): string {
  return `${providerOf(span) ?? ""} ${firstText(span.attributes, factKeys.requestModel) ?? ""}`;
}

function leavesCachesOut(span: SpanView): boolean {
  return /anthropic|claude|bedrock/.test(modelOf(span));
}

function doubts(span: SpanView, raw: RawCounts): Doubts {
  if (leavesCachesOut(span)) return lowerBoundWithoutCaches(raw);
  const thinks = /gemini/.test(modelOf(span)) && raw.reasoning === undefined;
  return thinks ? { quality: "partial", issue: "output_excludes_reasoning" } : {};
}

/**
 * LangChain4j in Quarkus, in the scope that all of Quarkus's spans have: a call is `completion <model>`, with the first
 * names of the conventions for two counts. They are those of the provider's API, of which Anthropic's and Bedrock's input
 * leaves caches out, and Gemini's output thinking.
 * Source: quarkiverse/quarkus-langchain4j at 046e60e and the published 1.7.4 and 1.10.0, SpanChatModelListener;
 * langchain4j/langchain4j, AnthropicMapper (`toTokenUsage`) and BaseGeminiChatModel (`createTokenUsage`).
 */
export const quarkusLangchain4j: Dialect = {
  id: "quarkus-langchain4j",
  reads: [],
  node,
  meaning: (span) => ({
    ...inclusive,
    inputIncludesCache: !leavesCachesOut(span),
    outputIncludesReasoning: !/gemini/.test(modelOf(span)),
  }),
  facts: (span) => ({ operation: isUnnamed(span) ? "chat" : undefined }),
  doubts,
};
