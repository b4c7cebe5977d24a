import { nodeByOperation, usageKeys } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

/** Whatever of the OpenAI Agents SDK it has no name for, as each turn of a run, is an agent without a name. */
function node(span: SpanView): SpanNode {
  const found = nodeByOperation(span);
  const isTurn =
    found === "agent" &&
    span.scopeName === "openlit.instrumentation.openai_agents" &&
    span.attributes.get("gen_ai.agent.name") === undefined;
  return isTurn ? "other" : found;
}

/**
 * OpenLIT for Python (`openlit.instrumentation.*`): the conventions; reasoning is sent for the Responses API only. Of a
 * stream without usage it sends its own tokenizer's guess and does not mark it, but without counts of cached tokens.
 * Source: openlit/openlit, sdk/python/src/openlit/instrumentation/openai/utils.py (`general_tokens`).
 */
export const openlitPython: Dialect = {
  id: "openlit-python",
  reads: ["gen_ai.request.stream"],
  node,
  meaning: () => inclusive,
  doubts: (span, raw) =>
    span.attributes.get("gen_ai.request.stream") === true &&
    raw.input !== undefined &&
    raw.cacheRead === undefined
      ? { quality: "estimated", issue: "may_be_estimated" }
      : {},
};

/**
 * `openlit.instrumentation.anthropic` and `….bedrock`: input is the provider's own, which leaves cache reads and
 * writes out. Source: the same, anthropic/utils.py and bedrock/utils.py of the published 1.45.0.
 */
export const openlitPythonExclusive: Dialect = {
  ...openlitPython,
  id: "openlit-python-exclusive",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
};

const adkReasoning = "gen_ai.usage.completion_tokens_details.reasoning_tokens";

function tellsThinking({ scopeName }: SpanView): boolean {
  return scopeName !== "openlit.instrumentation.vertexai";
}

/**
 * `openlit.instrumentation.google_ai_studio`, `….google_adk` and `….vertexai`: output is `candidatesTokenCount`, which
 * leaves thinking out. It stands beside output where there is any; of Vertex AI's old SDK it is not told.
 * Source: the same, each one's utils.py.
 */
export const openlitPythonGoogle: Dialect = {
  ...openlitPython,
  id: "openlit-python-google",
  keys: { reasoning: [...usageKeys.reasoning, adkReasoning] },
  meaning: (span) => ({
    ...inclusive,
    outputIncludesReasoning: false,
    absent: { ...inclusive.absent, reasoning: tellsThinking(span) ? "zero" : "unknown" },
    total: "the provider's",
  }),
  doubts: (span) =>
    tellsThinking(span) ? {} : { quality: "partial", issue: "output_excludes_reasoning" },
};
