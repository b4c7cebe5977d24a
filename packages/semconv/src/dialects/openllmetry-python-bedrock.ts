import { type Dialect, inclusive, lowerBoundWithoutCaches } from "../dialect.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/**
 * `opentelemetry.instrumentation.bedrock`: input, and the total, leave cache reads and writes out. Since 0.62.0
 * Converse's are sent beside it; InvokeModel's, and all of older versions, are lost, which leaves a lower bound.
 * Source: traceloop/openllmetry#4449; span_utils.py of the published 0.61.0 and 0.62.0.
 */
export const openllmetryPythonBedrock: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-python-bedrock",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
  doubts: (_span, raw) => lowerBoundWithoutCaches(raw),
};
