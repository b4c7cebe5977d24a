import { jsonObject } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive, textMember } from "../dialect.ts";

/**
 * The LiteLLM proxy (scope `litellm`): one span per request of its own, one for the raw provider request with
 * the usage again as text. An answer from its cache repeats the first answer's id, usage and cost.
 * Source: BerriAI/litellm, litellm/integrations/opentelemetry.py; docs.litellm.ai, "Caching".
 */
export const litellm: Dialect = {
  id: "litellm",
  reads: ["hidden_params", "gen_ai.cost.total_cost", "litellm.cost.total"],
  node: (span) => (span.name === "litellm_request" ? nodeByOperation(span) : "other"),
  meaning: () => inclusive,
  facts: (span) => {
    const cost =
      span.attributes.get("gen_ai.cost.total_cost") ?? span.attributes.get("litellm.cost.total");
    return {
      reportedCostUsd: typeof cost === "number" ? cost : undefined,
      servedFromCache:
        textMember(jsonObject(span.attributes, "hidden_params"), "cache_key") !== undefined,
    };
  },
};
