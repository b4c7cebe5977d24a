import { firstText } from "../attributes.ts";
import { factKeys } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["llm_call", "call"],
  ["agent_call", "agent"],
  ["user_prompt", "run"],
  ["tool_call", "tool"],
]);

/**
 * Gemini CLI (scope `gemini-cli`): the conventions' keys with operations of its own.
 *
 * Source: google-gemini/gemini-cli, packages/core/src/telemetry/constants.ts, `GeminiCliOperation`.
 */
export const geminiCli: Dialect = {
  id: "gemini-cli",
  reads: [],
  node: (span) => kinds.get(firstText(span.attributes, factKeys.operation) ?? "") ?? "other",
  meaning: () => inclusive,
};
