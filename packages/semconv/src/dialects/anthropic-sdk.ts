import { smallCount } from "../attributes.ts";
import { nodeByOperation } from "../conventions.ts";
import { type Dialect, inclusiveSparse } from "../dialect.ts";

/**
 * The spans that the Anthropic SDK makes itself (`com.anthropic.sdk.typescript`, since 0.134), and those of
 * the Claude platform's own servers (`com.anthropic.claude-platform`).
 *
 * Input includes cache reads and writes, as the conventions ask. Reasoning is sent only where there was some.
 * `http.request.resend_count` is the number of retries. Source: platform.claude.com, "OpenTelemetry".
 */
export const anthropicSdk: Dialect = {
  id: "anthropic-sdk",
  reads: ["http.request.resend_count", "http.response.status_code"],
  node: nodeByOperation,
  meaning: () => inclusiveSparse,
  facts: (span) => {
    // It names the number of retries where there were any: an answered request without it had none.
    const answered = span.attributes.get("http.response.status_code") !== undefined;
    const resent = smallCount(span.attributes, "http.request.resend_count");
    return { retryCount: resent ?? (answered ? 0 : undefined) };
  },
};
