import { firstNumber, smallCount } from "../attributes.ts";
import { nodeByOperation, usageKeys } from "../conventions.ts";
import { type Dialect, inclusiveSparse } from "../dialect.ts";
import { resendKeys } from "../http.ts";
import type { SpanView } from "../span-view.ts";

const compactionInput = "anthropic.usage.compaction.input_tokens";
const compactionOutput = "anthropic.usage.compaction.output_tokens";

/** The count of the answer, and that of the compactions before it, which are billed too. */
function withCompaction(span: SpanView, keys: readonly string[], compaction: string): unknown {
  const key = keys.find((name) => span.attributes.get(name) !== undefined);
  const sent = key === undefined ? undefined : span.attributes.get(key);
  const more = firstNumber(span.attributes, [compaction]);
  return typeof sent === "number" && more !== undefined ? sent + more : sent;
}

/**
 * The spans that the Anthropic SDKs make themselves (`com.anthropic.sdk.typescript` since 0.134,
 * `com.anthropic.sdk.python`), and those of the Claude platform's own servers (`com.anthropic.claude-platform`).
 *
 * Input includes cache reads and writes, as the conventions ask. Reasoning is sent only where there was some. What
 * compactions of a conversation took stands beside the usage, not in it, and how much of that was cached is not told.
 * `http.request.resend_count` is the number of retries. Source: platform.claude.com, "OpenTelemetry"; the SDKs'
 * `set_usage_sums`, "The usage above leaves out the tokens of the compactions".
 */
export const anthropicSdk: Dialect = {
  id: "anthropic-sdk",
  reads: [
    "http.request.resend_count",
    "http.response.status_code",
    compactionInput,
    compactionOutput,
  ],
  node: nodeByOperation,
  meaning: () => inclusiveSparse,
  keys: { input: [], output: [] },
  counts: (span) => ({
    input: withCompaction(span, usageKeys.input, compactionInput),
    output: withCompaction(span, usageKeys.output, compactionOutput),
  }),
  doubts: (span) =>
    span.attributes.get(compactionInput) === undefined ? {} : { issue: "cache_split_incomplete" },
  facts: (span) => {
    // It names the number of retries where there were any: an answered request without it had none.
    const answered = span.attributes.get("http.response.status_code") !== undefined;
    const resent = smallCount(span.attributes, resendKeys);
    return { retryCount: resent ?? (answered ? 0 : undefined) };
  },
};
