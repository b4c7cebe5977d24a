import { firstNumber } from "../attributes.ts";
import { usageKeys } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/** What Gemini's total counts beyond prompt and candidates: thinking, and what its built-in tools put in. */
function leftOver(span: SpanView): number | undefined {
  const total = firstNumber(span.attributes, usageKeys.total);
  const input = firstNumber(span.attributes, usageKeys.input);
  const output = firstNumber(span.attributes, usageKeys.output);
  if (total === undefined || input === undefined || output === undefined) return undefined;
  return total >= input + output ? total - input - output : undefined;
}

/**
 * `opentelemetry.instrumentation.google_generativeai`: output is `candidatesTokenCount`, which leaves thinking out,
 * and thinking is told only by the total, which is Gemini's own.
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
  counts: (span) => ({ reasoning: leftOver(span) }),
  doubts: (span) => {
    const reasoning = leftOver(span);
    return reasoning === undefined || reasoning > 0 ? { issue: "reasoning_from_total" } : {};
  },
};
