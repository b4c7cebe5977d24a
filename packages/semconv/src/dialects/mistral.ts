import { firstText } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import type { SpanNode } from "../reading.ts";
import type { SpanView } from "../span-view.ts";

/** The span of a request, and not one of those that are made afterwards from what its answer holds. */
function isRequest({ attributes }: SpanView): boolean {
  return firstText(attributes, ["http.request.method"]) !== undefined;
}

/**
 * One answer of an agent is one call. Those of a conversation, which the provider runs, have the usage of all of them on
 * its span, and each message without any in a span below.
 */
function node(span: SpanView): SpanNode {
  const found = nodeByOperation(span);
  if (found === "call") return isRequest(span) ? "call" : "other";
  const isAnswer = span.attributes.get("gen_ai.conversation.id") === undefined;
  return found === "agent" && isRequest(span) && isAnswer ? "call" : found;
}

/**
 * Mistral's own package for Python (scope `mistralai_sdk_tracer`, with MISTRAL_SDK_TELEMETRY=global): the conventions, with
 * the facts of the HTTP request on the same span.
 * Source: the published mistralai 3.7.0, extra/observability/otel.py.
 */
export const mistral: Dialect = {
  id: "mistral",
  reads: ["http.request.method", "gen_ai.conversation.id"],
  node,
  meaning: () => inclusive,
};
