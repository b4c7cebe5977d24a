import { firstText } from "../attributes.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["LLM", "call"],
  ["TOOL", "tool"],
]);

function node(span: SpanView): SpanNode {
  return kinds.get(firstText(span.attributes, ["lmnr.span.type"]) ?? "") ?? "other";
}

/**
 * Laminar for Python (scope `lmnr.tracer`): older names of the conventions without an operation, on internal spans that
 * say what they are by `lmnr.span.type`. Anthropic's input includes caches. Source: lmnr 0.8.2, opentelemetry_lib.
 */
export const laminar: Dialect = {
  id: "laminar",
  reads: ["lmnr.span.type"],
  node,
  meaning: () => inclusive,
  facts: (span) => {
    const kind = node(span);
    if (kind === "call") return { operation: "chat" };
    return { tool: kind === "tool" ? span.name : undefined };
  },
};
