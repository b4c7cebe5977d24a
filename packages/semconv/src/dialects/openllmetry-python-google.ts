import { usageKeys } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import { rawCounts } from "../read-usage.ts";
import type { SpanView } from "../span-view.ts";
import { leftOver } from "../thinking.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/** What Gemini's total counts beyond prompt and candidates. */
function thinking(span: SpanView): number | undefined {
  return leftOver(rawCounts(span.attributes, usageKeys));
}

/**
 * `opentelemetry.instrumentation.google_generativeai` and `….vertexai`: output is `candidatesTokenCount`, which leaves
 * thinking out, and thinking is told only by the total, which is Gemini's own.
 * Source: traceloop/openllmetry, span_utils.py of the published 0.62.4; Gemini API reference, UsageMetadata.
 */
export const openllmetryPythonGoogle: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-python-google",
  meaning: () => ({
    ...inclusive,
    outputIncludesReasoning: false,
    absent: { cacheRead: "unknown", cacheWrite: "zero", reasoning: "unknown" },
    total: "the provider's",
  }),
  counts: (span) => ({ reasoning: thinking(span) }),
  doubts: (span) => {
    const reasoning = thinking(span);
    return reasoning === undefined || reasoning > 0 ? { issue: "reasoning_from_total" } : {};
  },
};
