import { firstValue, jsonObject } from "../attributes.ts";
import { nodeByOperation, usageKeys } from "../conventions.ts";
import { type Dialect, type Doubts, inclusive, inclusiveSparse, member } from "../dialect.ts";
import type { UsageMeaning } from "../read-usage.ts";
import type { SpanView } from "../span-view.ts";

const metricsKey = "lk.llm_metrics";

/** Which plugin asked: the provider's name is a host's where it is asked at another place than its own. */
function plugin(span: SpanView): string | undefined {
  const label = member(jsonObject(span.attributes, metricsKey), "label");
  return /^livekit\.(?:plugins|agents)\.(\w+)\./.exec(String(label))?.[1];
}

/** What the provider's total counts beyond input and output: Gemini's thinking, which is told nowhere else. */
function beyondOutput(span: SpanView): number | undefined {
  const total = member(jsonObject(span.attributes, metricsKey), "total_tokens");
  const input = firstValue(span.attributes, usageKeys.input);
  const output = firstValue(span.attributes, usageKeys.output);
  const rest = Number(total) - Number(input) - Number(output);
  return rest >= 0 ? rest : undefined;
}

const reasoningUntold: UsageMeaning = {
  ...inclusiveSparse,
  absent: { ...inclusiveSparse.absent, reasoning: "unknown" },
};

function meaning(span: SpanView): UsageMeaning {
  switch (plugin(span)) {
    case "openai":
    case "inference":
      return inclusiveSparse;
    case "anthropic":
    case "aws":
      return reasoningUntold;
    case "google":
      return { ...reasoningUntold, outputIncludesReasoning: false };
    default:
      return inclusive;
  }
}

function doubts(span: SpanView): Doubts {
  switch (plugin(span)) {
    case "anthropic":
      return { quality: "partial", issue: "output_may_be_overstated" };
    case "google": {
      const rest = beyondOutput(span);
      if (rest === undefined) return { quality: "partial", issue: "output_excludes_reasoning" };
      return rest > 0 ? { issue: "reasoning_from_total" } : {};
    }
    default:
      return {};
  }
}

/**
 * LiveKit Agents (scope `livekit-agents`): the conventions, counts of zero left out. Anthropic's output has the placeholder
 * of the stream's begin added; Gemini's leaves thinking out, of which nothing is told but in the provider's total.
 * Source: the published livekit-agents 1.8.9, telemetry/gen_ai.py, `set_usage_attributes`, and llm/llm.py,
 * `_metrics_monitor_task`; its plugins' llm.py.
 */
export const livekit: Dialect = {
  id: "livekit",
  reads: [metricsKey],
  node: nodeByOperation,
  meaning,
  counts: (span) => (plugin(span) === "google" ? { reasoning: beyondOutput(span) } : {}),
  doubts,
};
