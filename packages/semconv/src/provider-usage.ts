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
