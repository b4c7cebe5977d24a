import { firstText } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["workflow", "run"],
  ["agent", "agent"],
  ["tool", "tool"],
  ["task", "other"],
]);

function node(span: SpanView): SpanNode {
  const kind = firstText(span.attributes, ["traceloop.span.kind"]);
  return (kind === undefined ? undefined : kinds.get(kind)) ?? nodeByOperation(span);
}

/** A tool's name stands in `traceloop.entity.name`, which other spans use for their own. */
function facts(span: SpanView) {
  const name = firstText(span.attributes, ["traceloop.entity.name"]);
  const type = firstText(span.attributes, ["llm.request.type"]);
  return {
    tool: node(span) === "tool" ? name : undefined,
    // What versions without `gen_ai.operation.name` say.
    operation:
      type === "embedding" && firstText(span.attributes, ["gen_ai.operation.name"]) === undefined
        ? "embeddings"
        : undefined,
  };
}

/**
 * OpenLLMetry for JavaScript (`@traceloop/*`), but for the packages that have a file of their own: caches are in
 * input and none is split out. Source: traceloop/openllmetry-js, packages/instrumentation-*.
 */
export const openllmetryJs: Dialect = {
  id: "openllmetry-js",
  reads: ["traceloop.span.kind", "traceloop.entity.name", "llm.request.type"],
  node,
  meaning: () => inclusive,
  facts,
};
