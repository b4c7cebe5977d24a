import { nodeByOperation, providerOf } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";

/**
 * Kong's AI gateway: the conventions, on the span `kong.gen_ai` below the one of its plugin, in the scope that all of
 * Kong's spans have. Caches are not told, and Anthropic's input is passed on as it comes, which leaves them out; of
 * versions whose source is not public nobody knows.
 * Source: developer.konghq.com/ai-gateway/llm-open-telemetry; Kong/kong, kong/llm/drivers/anthropic.lua;
 * kong/plugins/opentelemetry, where the scope is `kong-internal`.
 */
export const kong: Dialect = {
  id: "kong",
  reads: [],
  node: nodeByOperation,
  meaning: () => inclusive,
  doubts: (span, raw) =>
    /anthropic|bedrock/.test(providerOf(span) ?? "") && raw.cacheRead === undefined
      ? { quality: "partial", issue: "input_may_exclude_cache" }
      : {},
};
