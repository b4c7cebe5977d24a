import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusiveSparse } from "../dialect.ts";
import type { SpanView } from "../span-view.ts";

/** True for a call whose answer was streamed. */
export function streams(span: SpanView): boolean {
  return span.attributes.get("gen_ai.request.is_stream") === true;
}

/**
 * OpenLIT (`@openlit/instrumentation-*`; OpenAI's chat completions come under `…-vllm`): zeros are left out,
 * reasoning is sent for the Responses API only. Of a stream without usage it sends its own tokenizer's guess
 * and does not mark it; a stream whose usage has no cached part may be one.
 * Source: openlit/openlit, sdk/typescript/src/instrumentation.
 */
export const openlit: Dialect = {
  id: "openlit",
  reads: ["gen_ai.request.is_stream", "openai.api.type"],
  node: nodeByOperation,
  meaning: (span) => {
    const responses = span.attributes.get("openai.api.type") === "responses";
    // What might be a guess says nothing of what it lacks.
    const cache = streams(span) ? "unknown" : "zero";
    const reasoning = responses ? "zero" : "unknown";
    return { ...inclusiveSparse, absent: { cacheRead: cache, cacheWrite: cache, reasoning } };
  },
  doubts: (span, raw) =>
    streams(span) && raw.input !== undefined && raw.cacheRead === undefined
      ? { quality: "estimated", issue: "may_be_estimated" }
      : {},
};
