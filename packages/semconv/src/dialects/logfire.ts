import { jsonObject } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive, lowerBoundWithoutCaches, member } from "../dialect.ts";
import { providerDetails } from "../provider-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";
import { pydanticAi } from "./pydantic-ai.ts";

/**
 * The request of a stream ends before there is an answer, and a log after the stream tells of the call. What is
 * pending is told again when it is done.
 */
function node(span: SpanView): SpanNode {
  const { attributes } = span;
  const type = attributes.get("logfire.span_type");
  const answered =
    attributes.get("gen_ai.response.id") !== undefined ||
    attributes.get("gen_ai.usage.input_tokens") !== undefined;
  if (type === "pending_span" || (type === "span" && !answered && !span.failed)) return "other";
  return nodeByOperation(span);
}

/**
 * Logfire's own integrations (`logfire.openai`, `logfire.anthropic`): the provider's usage as it came stands in
 * `gen_ai.usage.raw`, the cost in `operation.cost`; the input count includes caches.
 * Source: pydantic/logfire, logfire/_internal/integrations/llm_providers/usage.py.
 */
export const logfire: Dialect = {
  id: "logfire",
  reads: ["gen_ai.usage.raw", "operation.cost", "logfire.span_type"],
  node,
  meaning: () => inclusive,
  counts: (span) => {
    const usage = jsonObject(span.attributes, "gen_ai.usage.raw");
    return {
      ...providerDetails(usage),
      cacheRead:
        member(usage, "cache_read_input_tokens") ??
        member(usage, "prompt_tokens_details", "cached_tokens") ??
        member(usage, "input_tokens_details", "cached_tokens"),
      cacheWrite:
        member(usage, "cache_creation_input_tokens") ??
        member(usage, "prompt_tokens_details", "cache_write_tokens") ??
        member(usage, "input_tokens_details", "cache_write_tokens"),
      reasoning:
        member(usage, "completion_tokens_details", "reasoning_tokens") ??
        member(usage, "output_tokens_details", "reasoning_tokens") ??
        member(usage, "output_tokens_details", "thinking_tokens"),
    };
  },
  ...(pydanticAi.facts === undefined ? {} : { facts: pydanticAi.facts }),
};

/**
 * `logfire.anthropic` before 4.31: input is Anthropic's own, which leaves caches out, and tells of none.
 * Source: pydantic/logfire#1812; anthropic.py of the published 4.30.0 and 4.31.0.
 */
export const logfireAnthropicBefore431: Dialect = {
  ...logfire,
  id: "logfire-anthropic-before-4.31",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
  doubts: (_span, raw) => lowerBoundWithoutCaches(raw),
};
