import { firstText, smallCount } from "../attributes.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";

const kinds: ReadonlyMap<string, SpanNode> = new Map([
  ["llm_request", "call"],
  ["interaction", "agent"],
  ["tool", "tool"],
]);

/**
 * Claude Code and the Claude Agent SDK (scope `com.anthropic.claude_code.tracing`): counts without a prefix,
 * input without caches, `attempt` counting from 1. The same usage is also in its logs and metrics, which
 * spancost does not read. Source: code.claude.com, "Monitoring".
 */
export const claudeCode: Dialect = {
  id: "claude-code",
  reads: ["span.type", "attempt", "request_id"],
  node: (span) => kinds.get(firstText(span.attributes, ["span.type"]) ?? "") ?? "other",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
  keys: {
    input: ["input_tokens"],
    output: ["output_tokens"],
    cacheRead: ["cache_read_tokens"],
    cacheWrite: ["cache_creation_tokens"],
  },
  facts: (span) => {
    const attempt = smallCount(span.attributes, ["attempt"]);
    const call = firstText(span.attributes, ["span.type"]) === "llm_request";
    return {
      operation: call ? "chat" : undefined,
      retryCount: attempt !== undefined && attempt > 0 ? attempt - 1 : undefined,
    };
  },
};
