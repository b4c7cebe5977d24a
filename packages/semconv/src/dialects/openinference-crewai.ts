import { firstText } from "../attributes.ts";
import type { Dialect } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";
import { openinference } from "./openinference.ts";

/**
 * `writer.Write about cats.execute`: of a task without a name of its own, what it asks for stands in the name of its
 * agent's span. Only names that were given stand in `task_name`.
 */
function name(span: SpanView): string | undefined {
  const executes = /\.(execute|_execute_core)$/.exec(span.name);
  if (executes === null || firstText(span.attributes, ["task_name"]) !== undefined)
    return undefined;
  const role = firstText(span.attributes, ["graph.node.id"]);
  return `${role ?? "Agent"}${executes[0]}`;
}

/**
 * `openinference.instrumentation.crewai`, and its listener to events. Source: Arize-ai/openinference,
 * openinference-instrumentation-crewai 1.1.21, _event_listener.py, `_build_agent_start_spec`; _wrappers.py,
 * `_get_execute_core_span_name`.
 */
export const openinferenceCrewai: Dialect = {
  ...openinference,
  id: "openinference-crewai",
  reads: [...openinference.reads, "task_name"],
  name,
};
