import { type TokenCount, tokenCount } from "@spancost/semconv";
import type { RecoveredUsage } from "./recovered-usage.ts";
import { member } from "./retry-after.ts";

/**
 * What the answer of a model API says of usage, from its parsed JSON: a whole answer or an event of a stream.
 *
 * Looks at the members `usage` (`usageMetadata`), `service_tier`, `model` and `id`, at the top or one level
 * down where Responses and Messages streams put them, and at nothing else.
 * Sources: the API references of OpenAI (chat completions, responses, embeddings), Anthropic (messages),
 * Google (generateContent: UsageMetadata).
 */
export function usageOfAnswer(json: unknown): RecoveredUsage | undefined {
  const answer = member(json, "response") ?? member(json, "message") ?? json;
  const usage = member(answer, "usage") ?? member(json, "usage");
  const counts = countsOf(usage) ?? geminiCounts(member(answer, "usageMetadata"));
  const said = {
    serviceTier: name(member(answer, "service_tier")) ?? name(member(usage, "service_tier")),
    responseModel: name(member(answer, "model")) ?? name(member(answer, "modelVersion")),
    responseId: name(member(answer, "id")) ?? name(member(answer, "responseId")),
  };
  return counts === undefined && said.serviceTier === undefined
    ? undefined
    : { ...counts, ...said };
}

/** What a later event of one stream says wins; what it does not say stays. */
export function merged(
  earlier: RecoveredUsage | undefined,
  later: RecoveredUsage | undefined,
): RecoveredUsage | undefined {
  if (later === undefined) return earlier;
  const result: Record<string, unknown> = { ...earlier };
  for (const [fact, value] of Object.entries(later)) {
    if (value !== undefined) result[fact] = value;
  }
  return result;
}

function countsOf(usage: unknown): RecoveredUsage | undefined {
  if (member(usage, "cache_read_input_tokens") !== undefined) return anthropicCounts(usage);
  if (member(usage, "cache_creation_input_tokens") !== undefined) return anthropicCounts(usage);
  return openaiCounts(usage);
}

/** Input and output include their details. */
function openaiCounts(usage: unknown): RecoveredUsage | undefined {
  const input = count(usage, "prompt_tokens") ?? count(usage, "input_tokens");
  if (input === undefined) return undefined;
  const into = member(usage, "prompt_tokens_details") ?? member(usage, "input_tokens_details");
  const out = member(usage, "completion_tokens_details") ?? member(usage, "output_tokens_details");
  return {
    input,
    cacheRead: count(into, "cached_tokens"),
    cacheWrite: count(into, "cache_write_tokens"),
    inputAudio: nonZero(count(into, "audio_tokens")),
    output: count(usage, "completion_tokens") ?? count(usage, "output_tokens"),
    reasoning: count(out, "reasoning_tokens"),
    outputAudio: nonZero(count(out, "audio_tokens")),
  };
}

/** `input_tokens` leaves cache reads and writes out. */
function anthropicCounts(usage: unknown): RecoveredUsage | undefined {
  const cacheRead = count(usage, "cache_read_input_tokens");
  const cacheWrite = count(usage, "cache_creation_input_tokens");
  const uncached = count(usage, "input_tokens");
  return {
    input: uncached === undefined ? undefined : sum(uncached, cacheRead, cacheWrite),
    cacheRead,
    cacheWrite,
    cacheWrite1h: count(member(usage, "cache_creation"), "ephemeral_1h_input_tokens"),
    output: count(usage, "output_tokens"),
    reasoning: count(member(usage, "output_tokens_details"), "thinking_tokens"),
  };
}

/** The prompt's count includes cached content; thoughts are beside the candidates, and billed as output. */
function geminiCounts(usage: unknown): RecoveredUsage | undefined {
  const input = count(usage, "promptTokenCount");
  if (input === undefined) return undefined;
  const candidates = count(usage, "candidatesTokenCount");
  const thoughts = count(usage, "thoughtsTokenCount");
  return {
    input,
    cacheRead: count(usage, "cachedContentTokenCount"),
    output: candidates === undefined ? undefined : sum(candidates, thoughts),
    reasoning: thoughts,
  };
}

function count(object: unknown, key: string): TokenCount | undefined {
  const value = member(object, key);
  return typeof value === "number" ? tokenCount(value) : undefined;
}

/** Most answers have 0 there; it would only be noise on the span. */
function nonZero(tokens: TokenCount | undefined): TokenCount | undefined {
  return tokens === 0 ? undefined : tokens;
}

function sum(...tokens: readonly (TokenCount | undefined)[]): TokenCount | undefined {
  return tokenCount(tokens.reduce((total: number, part) => total + (part ?? 0), 0));
}

/** Names of models and tiers, and ids, are short. */
function name(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" && value.length <= 256 ? value : undefined;
}
