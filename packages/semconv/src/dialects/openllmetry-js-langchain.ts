import { firstText } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import type { Dialect } from "../dialect.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/**
 * `@traceloop/instrumentation-langchain`: each runnable is a "workflow" of its own and all of them are
 * siblings, so only the graph or executor around them is a run.
 */
export const openllmetryJsLangchain: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-js-langchain",
  reads: [...openllmetryJs.reads, "traceloop.workflow.name"],
  node: (span) => {
    const operation = firstText(span.attributes, ["gen_ai.operation.name"]);
    if (operation !== "workflow") return nodeByOperation(span);
    const workflow = firstText(span.attributes, ["traceloop.workflow.name"]);
    return workflow === "CompiledStateGraph" || workflow === "AgentExecutor" ? "run" : "other";
  },
};
