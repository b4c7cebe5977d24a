import { textOf } from "../attributes.ts";
import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, type Doubts, inclusive, lowerBoundWithoutCaches } from "../dialect.ts";
import type { RawCounts } from "../read-usage.ts";
import type { SpanView } from "../span-view.ts";

const toolNames = "spring.ai.model.request.tool.names";
const kind = "spring.ai.kind";
const toolName = "spring.ai.tool.definition.name";

/** Whose input, as their own APIs tell it, leaves cache reads and writes out. */
function leavesCachesOut(span: SpanView): boolean {
  return /^(anthropic|bedrock)/.test(providerOf(span) ?? "");
}

function doubts(span: SpanView, raw: RawCounts): Doubts {
  return leavesCachesOut(span) ? lowerBoundWithoutCaches(raw) : {};
}

/**
 * Spring AI, by way of Micrometer: all values are texts, and the scope is Spring Boot's, as is its version. Input is what
 * the provider's API says, which of Anthropic and Bedrock leaves caches out; these are told since version 2, but of streams.
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

function isToolOf1(span: SpanView): boolean {
  return span.attributes.get(kind) === "tool_call";
}

/**
 * Spring AI 1, which is for Spring Boot 3: a loop of tools runs inside the model's client, and each of its calls repeats
 * the usage of those before it. The first call of a loop is not to be told from the others. Its tools' spans have the
 * operation `framework`, as most of its own.
 * Source: spring-projects/spring-ai 1.0, `UsageCalculator.getCumulativeUsage` in `internalCall` of each chat model.
 */
export const springAi1: Dialect = {
  ...springAi,
  id: "spring-ai-1",
  reads: [toolNames, kind, toolName],
  node: (span) => (isToolOf1(span) ? "tool" : nodeByOperation(span)),
  doubts: (span, raw) => {
    const ofProvider = doubts(span, raw);
    if (span.attributes.get(toolNames) === undefined) return ofProvider;
    return {
      quality: "partial",
      issue: ["may_include_earlier_calls", ...[ofProvider.issue ?? []].flat()],
    };
  },
  facts: (span) =>
    isToolOf1(span) ? { operation: "execute_tool", tool: textOf(span.attributes, toolName) } : {},
};
