import { firstText } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";

/** Since the version that includes caches, cache reads stand under the conventions' own name too, 0 included. */
function leavesCacheOut(span: SpanView): boolean {
  const { attributes } = span;
  const named =
    attributes.get("gen_ai.usage.cache_read.input_tokens") !== undefined ||
    attributes.get("gen_ai.usage.cache_creation.input_tokens") !== undefined;
  // Of OpenAI's and Gemini's models the input has always included them.
  return !named && (isBedrock(span) || model(span).startsWith("claude"));
}

/** Bedrock's model ids name the maker first: `us.anthropic.claude-…`, `amazon.nova-…`. */
function isBedrock(span: SpanView): boolean {
  return /^(arn:|(\w+\.)?(anthropic|amazon)\.)/.test(model(span));
}

function model(span: SpanView): string {
  return firstText(span.attributes, ["gen_ai.request.model"]) ?? "";
}

/**
 * Strands for Python (scope `strands.telemetry.tracer`, without a version). `invoke_agent` repeats the sum.
 *
 * Input includes caches since 1.54.0; before, it was what the provider's API says, which of Claude and Bedrock leaves
 * them out. Since 1.55.0 the names of the cache counts tell the two apart; of Bedrock the total does, which is the
 * provider's own. Source: strands-agents/harness-sdk#3886 and #4080; tracer.py of the published 1.53.0 to 1.55.0.
 */
export const strands: Dialect = {
  id: "strands",
  reads: [],
  node: nodeByOperation,
  meaning: (span) => ({
    ...inclusive,
    inputIncludesCache: !leavesCacheOut(span),
    total: isBedrock(span) ? "the provider's" : "own sum",
  }),
};
