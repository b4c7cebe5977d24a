import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, type Doubts, inclusive, lowerBoundWithoutCaches } from "../dialect.ts";
import type { RawCounts } from "../read-usage.ts";
import type { SpanView } from "../span-view.ts";

const toolNames = "spring.ai.model.request.tool.names";

/** Whose input, as their own APIs tell it, leaves cache reads and writes out. */
function leavesCachesOut(span: SpanView): boolean {
  return /^(anthropic|bedrock)/.test(providerOf(span) ?? "");
}

function doubts(span: SpanView, raw: RawCounts): Doubts {
  return leavesCachesOut(span) ? lowerBoundWithoutCaches(raw) : {};
}

/**
 * Spring AI, by way of Micrometer: all values are texts, and the scope is Spring Boot's, as is its version. Input is what
 * the provider's API says, which of Anthropic and Bedrock leaves caches out; these are told since version 2.
 * Source: spring-projects/spring-ai at 01fd663 (2.1), DefaultChatModelObservationConvention, AiObservationAttributes; at
 * 005a0f2 (2.0), AnthropicChatModel, `convertStreamEventToChatResponse`.
 */
export const springAi: Dialect = {
  id: "spring-ai",
  reads: [toolNames],
  node: nodeByOperation,
  meaning: (span) => ({ ...inclusive, inputIncludesCache: !leavesCachesOut(span) }),
  doubts,
};

/**
 * Spring AI 1, which is for Spring Boot 3: a loop of tools runs inside the model's client, and each of its calls repeats
 * the usage of those before it. The first call of a loop is not to be told from the others.
 * Source: spring-projects/spring-ai 1.0, `UsageCalculator.getCumulativeUsage` in `internalCall` of each chat model.
 */
export const springAi1: Dialect = {
  ...springAi,
  id: "spring-ai-1",
  doubts: (span, raw) =>
    span.attributes.get(toolNames) === undefined
      ? doubts(span, raw)
      : { quality: "partial", issue: "may_include_earlier_calls" },
};
