import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, type Doubts, inclusive } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";

/** What the provider's own API leaves out of the two counts that are told. */
function doubts(span: SpanView): Doubts {
  switch (providerOf(span)) {
    case "bedrock":
      return { quality: "partial", issue: "input_excludes_cache" };
    case "googleai":
    case "vertexai":
      return { quality: "partial", issue: "output_excludes_reasoning" };
    default:
      return {};
  }
}

/**
 * Semantic Kernel for Python: input and output as the provider's API says them, without their parts, and of Anthropic's
 * calls nothing. Spans are internal ones.
 * Source: microsoft/semantic-kernel, python 1.45.0, utils/telemetry/model_diagnostics/decorators.py; `CompletionUsage` in
 * connectors/ai/bedrock and connectors/ai/google.
 */
export const semanticKernel: Dialect = {
  id: "semantic-kernel",
  reads: [],
  node: nodeByOperation,
  meaning: () => inclusive,
  doubts,
};
