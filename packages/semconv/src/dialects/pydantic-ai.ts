import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, inclusiveSparse } from "../dialect.ts";

/**
 * Pydantic AI, and Logfire around it (scopes `pydantic-ai`, `logfire`): the conventions, zeros left out, and the
 * cost in `operation.cost`. The agent's sum stands in `gen_ai.aggregated_usage.*` since version 2, under the calls'
 * names before. Anthropic's thinking tokens are sent since version 2, as `details.thinking_tokens`, where the answer
 * told of some. Source: pydantic/pydantic-ai, pydantic_ai/usage.py and #5523.
 */
export const pydanticAi: Dialect = {
  id: "pydantic-ai",
  reads: ["operation.cost"],
  node: nodeByOperation,
  meaning: (span) =>
    providerOf(span) === "anthropic"
      ? { ...inclusiveSparse, absent: { ...inclusiveSparse.absent, reasoning: "unknown" } }
      : inclusiveSparse,
  facts: (span) => {
    const cost = span.attributes.get("operation.cost");
    return { reportedCostUsd: typeof cost === "number" ? cost : undefined };
  },
};
