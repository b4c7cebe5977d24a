import { textOf } from "../attributes.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";

/** On the span of each turn, whatever its scope, which is named as the program that Codex runs in. */
export const codexMark = "codex.turn.token_usage.total_tokens";

function isTurn(span: SpanView): boolean {
  return span.attributes.get(codexMark) !== undefined;
}

/**
 * Codex: the span of a turn (`session_task.turn`) has the model and the sum of its calls, which a turn with tools has
 * several of. Each call's own counts stand on a `handle_responses` inside it, without a model, and could not be priced.
 * Source: openai/codex, codex-rs/core/src/tasks and codex-rs/otel, 0.169.0.
 */
export const codex: Dialect = {
  id: "codex",
  reads: [codexMark, "model"],
  node: (span) => (isTurn(span) ? "agent" : "other"),
  meaning: () => inclusive,
  keys: {
    input: ["codex.turn.token_usage.input_tokens"],
    output: ["codex.turn.token_usage.output_tokens"],
    total: [codexMark],
    cacheRead: ["codex.turn.token_usage.cached_input_tokens"],
    cacheWrite: ["codex.turn.token_usage.cache_write_input_tokens"],
    reasoning: ["codex.turn.token_usage.reasoning_output_tokens"],
  },
  facts: (span) => ({
    operation: "invoke_agent",
    requestModel: textOf(span.attributes, "model"),
    agent: "codex",
  }),
};
