import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, inclusiveSparse } from "../dialect.ts";

/**
 * The official Python instrumentations since 2026 (`opentelemetry.instrumentation.genai.*`, and `google_genai`):
 * the conventions, with counts of zero left out. Anthropic's thinking tokens are not sent.
 * Source: open-telemetry/opentelemetry-python-genai, util/opentelemetry-util-genai and each instrumentation's extractors.
 */
export const otelGenaiPython: Dialect = {
  id: "otel-genai-python",
  reads: [],
  node: nodeByOperation,
  meaning: (span) =>
    providerOf(span) === "anthropic"
      ? { ...inclusiveSparse, absent: { ...inclusiveSparse.absent, reasoning: "unknown" } }
      : inclusiveSparse,
};
