import { firstText } from "../attributes.ts";
import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { UsageMeaning } from "../read-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

/** What a span of AG2's accounts is about; `undefined` of every other span. */
function account(span: SpanView): string | undefined {
  return firstText(span.attributes, ["ag2.usage.kind"]);
}

/** Calls that AG2 makes for itself, to shorten what was said and to remember it: no other span tells of them. */
function node(span: SpanView): SpanNode {
  const kind = account(span);
  return kind === "compaction" || kind === "aggregation" ? "call" : nodeByOperation(span);
}

/**
 * Each call of an agent's loop has a span, and an account beside it. So has what an agent spent that is another's tool,
 * which tells of its calls itself; but not the nameless workers of `run_subtask`, whose account is all there is.
 */
function repeats(span: SpanView): boolean {
  const kind = account(span);
  if (kind === "model_call") return true;
  const worker = firstText(span.attributes, ["ag2.usage.label"]);
  return kind === "subtask" && !/^subtask-[0-9a-f]{8}$/.test(worker ?? "");
}

/** Counts are what the provider's API says, and those of zero are left out. */
function meaning(span: SpanView): UsageMeaning {
  const zero = { cacheRead: "zero", cacheWrite: "zero", reasoning: "zero" } as const;
  switch (providerOf(span)) {
    case "openai":
      return { ...inclusive, absent: { ...zero, cacheWrite: "unknown" } };
    case "anthropic":
    case "bedrock":
      return { ...inclusive, inputIncludesCache: false, absent: { ...zero, reasoning: "unknown" } };
    case "google":
      return { ...inclusive, outputIncludesReasoning: false, absent: zero };
    default:
      return inclusive;
  }
}

/**
 * AG2 1.x (`TelemetryMiddleware`, scope `opentelemetry.instrumentation.ag2`): the conventions, and a span
 * `record_usage` for every event of its accounting. Source: ag2ai/ag2 1.2.1, ag2/middleware/builtin/telemetry.py;
 * ag2/config, `normalize_usage` of each provider; ag2/tools/subagents/run_task.py.
 */
export const ag2: Dialect = {
  id: "ag2",
  reads: ["ag2.usage.kind", "ag2.usage.label"],
  node,
  repeats,
  meaning,
  keys: { reasoning: ["gen_ai.usage.thinking_tokens"] },
  facts: (span) => (node(span) === "call" ? { operation: "chat" } : {}),
};
