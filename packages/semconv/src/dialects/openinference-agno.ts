import type { Dialect } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";
import { openinference } from "./openinference.ts";

/** Agno's classes for the Anthropic API, by whichever cloud it is reached, and for Bedrock's Converse. */
function leavesCachesOut(span: SpanView): boolean {
  return /^(Claude|AwsBedrock)\./.test(span.name);
}

/**
 * `openinference.instrumentation.agno`: the counts as Agno's metrics hold them, which are those of the provider: of
 * Anthropic and Bedrock the input leaves caches out. Those of zero are left out, and reasoning is never sent.
 * Source: Arize-ai/openinference, openinference-instrumentation-agno, _model_wrapper.py of 1.0.15; agno-agi/agno,
 * models/anthropic/claude.py and models/aws/bedrock.py of 3.1.10, `_get_metrics`.
 */
export const openinferenceAgno: Dialect = {
  ...openinference,
  id: "openinference-agno",
  meaning: (span) => ({
    inputIncludesCache: !leavesCachesOut(span),
    outputIncludesReasoning: true,
    absent: { cacheRead: "zero", cacheWrite: "zero", reasoning: "unknown" },
    total: "own sum",
  }),
};
