import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";

/**
 * OpenLIT for Python (`openlit.instrumentation.*`): the conventions; reasoning is sent for the Responses API only. Of a
 * stream without usage it sends its own tokenizer's guess and does not mark it, but without counts of cached tokens.
 * Source: openlit/openlit, sdk/python/src/openlit/instrumentation/openai/utils.py (`general_tokens`).
 */
export const openlitPython: Dialect = {
  id: "openlit-python",
  reads: ["gen_ai.request.stream"],
  node: nodeByOperation,
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
