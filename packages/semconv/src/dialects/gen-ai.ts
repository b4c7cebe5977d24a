import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";

/**
 * The GenAI conventions as written, for every scope that has no dialect of its own: the official
 * OpenTelemetry instrumentations, hand-made spans, Strands (which uses the service's name as scope).
 *
 * `@opentelemetry/instrumentation-openai` 0.22 sends no cached and no reasoning tokens: both stay unknown.
 */
export const genAi: Dialect = {
  id: "gen-ai",
  reads: [],
  node: nodeByOperation,
  meaning: () => inclusive,
};
