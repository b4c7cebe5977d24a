import { firstText } from "../attributes.ts";
import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, type Doubts, inclusive } from "../dialect.ts";
import type { RawCounts } from "../read-usage.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";
import { openllmetryJs } from "./openllmetry-js.ts";

/**
 * LlamaIndex marks calls as workflows or tasks too, by their place. CrewAI names all of its spans `invoke_agent`: the
 * crew's, each task's and each agent's, of which only the agent's has that kind.
 */
function node(span: SpanView): SpanNode {
  const operation = firstText(span.attributes, ["gen_ai.operation.name"]);
  if (operation === undefined) return openllmetryJs.node(span);
  if (operation !== "invoke_agent") return nodeByOperation(span);
  const kind = firstText(span.attributes, ["traceloop.span.kind"]);
  if (kind === "agent") return "agent";
  return kind === undefined ? "run" : "other";
}

/** CrewAI's tasks are named by what they ask for, and its crews `crewai.workflow`. */
function name(span: SpanView): string | undefined {
  const kind = firstText(span.attributes, ["traceloop.span.kind"]);
  return /\.crewai\b/.test(span.scopeName) && kind === "task" ? "crewai.task" : undefined;
}

/** LlamaIndex's own names of its classes: `anthropic_llm`, `openai_responses_llm`. */
function provider(span: SpanView): string | undefined {
  const named = providerOf(span)?.replace(/_llm$/, "");
  return named === "openai_responses" ? "openai" : named;
}

function isClaude(span: SpanView): boolean {
  return /claude/.test(firstText(span.attributes, ["gen_ai.request.model"]) ?? "");
}

/**
 * What the caches of Agno's Claude are is not told: its sum is a lower bound. CrewAI's agents count on from task to
 * task, so that the second sum of one has the first in it.
 */
function doubts(span: SpanView, raw: RawCounts): Doubts {
  if (span.scopeName.endsWith(".agno") && isClaude(span) && raw.cacheRead === undefined) {
    return { quality: "partial", issue: "input_excludes_cache" };
  }
  if (/\.crewai\b/.test(span.scopeName) && node(span) === "agent") {
    return { quality: "partial", issue: "may_include_earlier_calls" };
  }
  return {};
}

/**
 * OpenLLMetry's instrumentations of agent frameworks (`opentelemetry.instrumentation.{agno,crewai,haystack,llamaindex}`).
 *
 * Agents repeat the sum of their calls, if any instrumentation tells of those. Of LlamaIndex's Anthropic the input is
 * the provider's own, which leaves caches out. Source: traceloop/openllmetry, their packages of 0.62.4: llamaindex
 * _response_utils.py, `_extract_anthropic_usage`; agno __init__.py; crewai instrumentation.py.
 */
export const openllmetryPythonAgents: Dialect = {
  ...openllmetryJs,
  id: "openllmetry-python-agents",
  reads: [...openllmetryJs.reads, "llm.usage.total_tokens"],
  node,
  name,
  meaning: (span) => ({ ...inclusive, inputIncludesCache: provider(span) !== "anthropic" }),
  keys: { total: ["gen_ai.usage.total_tokens", "llm.usage.total_tokens"] },
  facts: (span) => ({ ...openllmetryJs.facts?.(span), provider: provider(span) }),
  doubts,
};
