import { firstText } from "../attributes.ts";
import { factKeys } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["llm_call", "call"],
  ["agent_call", "agent"],
  ["user_prompt", "run"],
  ["tool_call", "tool"],
]);

function node(span: SpanView): SpanNode {
  return kinds.get(firstText(span.attributes, factKeys.operation) ?? "") ?? "other";
}

/**
 * Gemini CLI (scope `gemini-cli`): the conventions' keys with operations of its own. Output is Gemini's
 * `candidatesTokenCount`, which leaves thinking out; thinking and caches stand in its logs only, which spancost does not
 * read. Source: google-gemini/gemini-cli, packages/core/src/telemetry/constants.ts, `GeminiCliOperation`, and
 * core/loggingContentGenerator.ts.
 */
export const geminiCli: Dialect = {
  id: "gemini-cli",
  reads: [],
  node,
  meaning: () => inclusive,
  facts: (span) => (node(span) === "call" ? { operation: "chat" } : {}),
  doubts: () => ({ quality: "partial", issue: "output_excludes_reasoning" }),
};
