import { jsonObject } from "../attributes.ts";
import { type Dialect, inclusive, lowerBoundWithoutCaches, member } from "../dialect.ts";
import { openinference } from "./openinference.ts";

/**
 * OpenInference's older instrumentations of Anthropic and Bedrock for Python: input is the provider's own, which
 * leaves cache reads and writes out. They stand only in the raw answer, where that is kept.
 *
 * `openinference.instrumentation.anthropic` before 0.1.14, `….bedrock` before 0.1.18 and, for Converse, before 0.1.42.
 * Source: Arize-ai/openinference#1429; the published packages on either side of each.
 */
export const openinferenceBeforeCaches: Dialect = {
  ...openinference,
  id: "openinference-before-caches",
  meaning: () => ({ ...inclusive, inputIncludesCache: false }),
  counts: (span) => {
    const raw = jsonObject(span.attributes, "output.value");
    return {
      ...openinference.counts?.(span),
      cacheRead: member(raw, "usage", "cache_read_input_tokens"),
      cacheWrite: member(raw, "usage", "cache_creation_input_tokens"),
    };
  },
  doubts: (_span, raw) => lowerBoundWithoutCaches(raw),
};

/** `openinference.instrumentation.bedrock` between the two: only Converse leaves them out. */
export const openinferenceBedrockBeforeConverse: Dialect = {
  ...openinferenceBeforeCaches,
  id: "openinference-bedrock-before-converse",
  meaning: (span) =>
    (ofConverse(span.name) ? openinferenceBeforeCaches : openinference).meaning(span),
  doubts: (span, raw) => (ofConverse(span.name) ? lowerBoundWithoutCaches(raw) : {}),
};

function ofConverse(spanName: string): boolean {
  return spanName.startsWith("bedrock.converse");
}
