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
  return { tool: node(span) === "tool" ? name : undefined };
}

const reads = ["traceloop.span.kind", "traceloop.entity.name"];

/** OpenLLMetry for JavaScript (`@traceloop/*`) but for the packages below: caches in input, none split out. */
export const openllmetryJs: Dialect = {
  id: "openllmetry-js",
  reads,
  node,
  meaning: () => inclusive,
  facts,
};

/**
 * `@traceloop/instrumentation-openai`: for streamed chat completions it replaces the provider's usage by its
 * own tokenizer's (`enrichTokens` is on by default), and nothing on the span tells a stream from another call.
 * Source: traceloop/openllmetry-js#941.
 */
export const openllmetryJsOpenai: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-js-openai",
  doubts: (span, raw) => {
    const id = firstText(span.attributes, ["gen_ai.response.id"]);
    if (raw.input === undefined || !id?.startsWith("chatcmpl-")) return {};
    // A chat prompt cannot have fewer than 7 tokens: OpenAI adds at least that much framing to each.
    // Source: OpenAI cookbook, "How to count tokens with tiktoken", counting tokens for chat completions.
    const tooFew = typeof raw.input === "number" && raw.input < 7;
    return tooFew
      ? { quality: "estimated", issue: "may_be_estimated" }
      : { issue: "may_be_estimated" };
  },
};

/** `@traceloop/instrumentation-anthropic`: input, and the total too, leave cache reads and writes out. */
export const openllmetryJsAnthropic: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-js-anthropic",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
};

/**
 * `@traceloop/instrumentation-langchain`: each runnable is a "workflow" of its own and all of them are
 * siblings, so only the graph or executor around them is a run.
 */
export const openllmetryJsLangchain: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-js-langchain",
  reads: [...reads, "traceloop.workflow.name"],
  node: (span) => {
    const operation = firstText(span.attributes, ["gen_ai.operation.name"]);
    if (operation !== "workflow") return nodeByOperation(span);
    const workflow = firstText(span.attributes, ["traceloop.workflow.name"]);
    return workflow === "CompiledStateGraph" || workflow === "AgentExecutor" ? "run" : "other";
  },
};
