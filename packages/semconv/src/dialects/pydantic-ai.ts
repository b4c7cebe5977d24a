import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusiveSparse } from "../dialect.ts";

/**
 * Pydantic AI and Logfire (scope `pydantic-ai`): the conventions, zeros left out, and the cost in
 * `operation.cost`. The agent's sum stands in `gen_ai.aggregated_usage.*`, under the calls' names before that
 * existed. Source: pydantic/pydantic-ai, pydantic_ai/usage.py and models/instrumented.py.
 */
export const pydanticAi: Dialect = {
  id: "pydantic-ai",
  reads: ["operation.cost"],
  node: nodeByOperation,
  meaning: () => inclusiveSparse,
  facts: (span) => {
    const cost = span.attributes.get("operation.cost");
    return { reportedCostUsd: typeof cost === "number" ? cost : undefined };
  },
};
