import { member } from "./dialect.ts";
import type { RawCounts } from "./read-usage.ts";

/**
 * What of a usage, as Anthropic's messages API sends it, emitters have no attribute for.
 *
 * Source: platform.claude.com/docs/en/api/messages, `usage`.
 */
export function anthropicDetails(usage: unknown): Pick<RawCounts, "cacheWrite1h" | "webSearches"> {
  return {
    cacheWrite1h: member(usage, "cache_creation", "ephemeral_1h_input_tokens"),
    webSearches: member(usage, "server_tool_use", "web_search_requests"),
  };
}

/**
 * Cache writes as LangChain tells Anthropic's: where it knows how long they are kept, `cache_creation` is 0 and they
 * stand under their lifetimes. `find` is given the name of a detail.
 *
 * Source: langchain-ai/langchain, partners/anthropic, chat_models.py, `_create_usage_metadata` (since 0.3.21; 1.x alike).
 */
export function langchainCacheWrites(
  find: (name: string) => unknown,
): Pick<RawCounts, "cacheWrite" | "cacheWrite1h"> {
  const whole = find("cache_creation");
  const hour = find("ephemeral_1h_input_tokens");
  const brief = find("ephemeral_5m_input_tokens");
  const parts = numberOr0(hour) + numberOr0(brief);
  // Who tells both tells the same tokens twice.
  const told = parts > numberOr0(whole) ? parts : whole;
  return { cacheWrite: told, cacheWrite1h: parts > 0 ? (hour ?? 0) : undefined };
}

function numberOr0(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** The same of Anthropic's usage or of OpenAI's, as its chat completions send it: theirs have no member in common. */
export function providerDetails(
  usage: unknown,
): Pick<RawCounts, "cacheWrite1h" | "webSearches" | "inputAudio" | "outputAudio"> {
  return {
    ...anthropicDetails(usage),
    inputAudio: member(usage, "prompt_tokens_details", "audio_tokens"),
    outputAudio: member(usage, "completion_tokens_details", "audio_tokens"),
  };
}
