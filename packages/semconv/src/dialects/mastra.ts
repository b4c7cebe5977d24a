import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";

/**
 * Mastra's exporter (scope `@mastra/otel-exporter`): the conventions; one span per model call carries usage.
 * Its `model_generation` and `agent_step` spans wrap the calls. Source: mastra-ai/mastra, observability/otel-exporter.
 */
export const mastra: Dialect = {
  id: "mastra",
  reads: [],
  node: nodeByOperation,
  meaning: () => inclusive,
};
