import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";

/**
 * `opentelemetry.instrumentation.genai.bedrock`: passes Bedrock's input on, which leaves cache reads and writes out,
 * against the conventions; both are sent where there were any. Reasoning is not.
 * Source: its extractors.py in the published 1.3b0; Amazon Bedrock API reference, TokenUsage.
 */
export const otelGenaiBedrock: Dialect = {
  id: "otel-genai-bedrock",
  reads: [],
  node: nodeByOperation,
  meaning: () => ({
    ...inclusive,
    inputIncludesCache: false,
    absent: { cacheRead: "zero", cacheWrite: "zero", reasoning: "unknown" },
  }),
};
