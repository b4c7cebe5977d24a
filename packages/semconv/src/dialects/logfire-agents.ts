import { firstText, jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, member } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";
import { logfire } from "./logfire.ts";

/** By the beginning of their names, which are templates of messages. */
const nodes: readonly (readonly [beginning: string, node: SpanNode])[] = [
  ["Responses API", "call"],
  ["Chat completion with", "call"],
  ["Agent run:", "agent"],
  ["Function:", "tool"],
  ["OpenAI Agents trace:", "run"],
];

/** What is pending is told again when it is done. */
function node(span: SpanView): SpanNode {
  if (span.attributes.get("logfire.span_type") === "pending_span") return "other";
  return nodes.find(([beginning]) => span.name.startsWith(beginning))?.[1] ?? "other";
}

/**
 * Logfire's integration of the OpenAI Agents SDK (`logfire.openai_agents`): calls of Chat Completions name no operation,
 * agents and tools stand in `name`, and the SDK's own account of the usage in `usage`, which tasks and turns repeat.
 * Source: pydantic/logfire 5.2.0, logfire/_internal/integrations/openai_agents.py.
 */
export const logfireAgents: Dialect = {
  ...logfire,
  id: "logfire-agents",
  reads: [...logfire.reads, "name", "usage", "response_id"],
  node,
  meaning: () => inclusive,
  counts: (span) => {
    if (node(span) !== "call") return {};
    const usage = jsonObject(span.attributes, "usage");
    const input = member(usage, "input_tokens_details");
    return {
      ...logfire.counts?.(span),
      cacheRead: member(input, "cached_tokens"),
      cacheWrite: member(input, "cache_write_tokens"),
      reasoning: member(usage, "output_tokens_details", "reasoning_tokens"),
    };
  },
  facts: (span) => {
    const kind = node(span);
    const name = firstText(span.attributes, ["name"]);
    return {
      ...logfire.facts?.(span),
      operation: kind === "call" ? "chat" : undefined,
      agent: kind === "agent" ? name : undefined,
      tool: kind === "tool" ? name : undefined,
      responseId: firstText(span.attributes, ["response_id"]),
    };
  },
};
