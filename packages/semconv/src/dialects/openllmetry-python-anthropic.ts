import { type Dialect, inclusive } from "../dialect.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/**
 * `opentelemetry.instrumentation.anthropic`: input includes cache reads and writes, since #2175 (2024-10). Of
 * streams it adds the placeholder in `message_start` (a few tokens) to the final output.
 * Source: traceloop/openllmetry, opentelemetry/instrumentation/anthropic/__init__.py and streaming.py.
 */
export const openllmetryPythonAnthropic: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-python-anthropic",
  reads: [...openllmetryJs.reads, "gen_ai.is_streaming"],
  meaning: () => inclusive,
  doubts: (span) =>
    span.attributes.get("gen_ai.is_streaming") === true
      ? { issue: "output_may_be_overstated" }
      : {},
};
