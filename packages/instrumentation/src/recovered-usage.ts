import type { SpanReading, Usage } from "@spancost/semconv";
import type { WriteAttribute } from "./cost-attributes.ts";

/** Token counts in the meaning of the conventions: input includes caches, output includes reasoning. */
export type RecoveredCounts = Partial<
  Pick<
    Usage,
    | "input"
    | "cacheRead"
    | "cacheWrite"
    | "cacheWrite1h"
    | "output"
    | "reasoning"
    | "inputAudio"
    | "outputAudio"
  >
>;

/** What an answer said of its usage. Numbers and names: no text of the answer. */
export interface RecoveredUsage extends RecoveredCounts {
  readonly serviceTier?: string | undefined;
  readonly responseModel?: string | undefined;
  readonly responseId?: string | undefined;
}

/** Where each count stands on a span. The hour's cache writes have no name of the conventions yet. */
const countKeys: Readonly<Record<keyof RecoveredCounts, string>> = {
  input: "gen_ai.usage.input_tokens",
  cacheRead: "gen_ai.usage.cache_read.input_tokens",
  cacheWrite: "gen_ai.usage.cache_write.input_tokens",
  cacheWrite1h: "anthropic.usage.cache_creation.ephemeral_1h_input_tokens",
  output: "gen_ai.usage.output_tokens",
  reasoning: "gen_ai.usage.reasoning.output_tokens",
  inputAudio: "gen_ai.usage.audio.input_tokens",
  outputAudio: "gen_ai.usage.audio.output_tokens",
};

const countEntries = Object.entries(countKeys) as readonly (readonly [
  keyof RecoveredCounts,
  string,
])[];

/**
 * Writes what the span does not say of itself, and returns whether that was anything.
 *
 * Nothing is replaced, and nothing is added to a count that contradicts the answer: where the emitter's input
 * is not the answer's, it means something else by it.
 */
export function writeRecovered(
  recovered: RecoveredUsage,
  reading: SpanReading,
  write: WriteAttribute,
): boolean {
  let wrote = false;
  const put = (key: string, value: string | number | undefined) => {
    if (value === undefined) return;
    write(key, value);
    wrote = true;
  };
  if (agrees(reading.usage, recovered)) {
    for (const [count, key] of countEntries) {
      if (reading.usage?.[count] === undefined) put(key, recovered[count]);
    }
  }
  if (reading.serviceTier === undefined) put(tierKey(reading), recovered.serviceTier);
  if (reading.responseModel === undefined) put("gen_ai.response.model", recovered.responseModel);
  if (reading.responseId === undefined) put("gen_ai.response.id", recovered.responseId);
  return wrote;
}

function agrees(said: Usage | undefined, recovered: RecoveredUsage): boolean {
  const same = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined || a === b;
  return same(said?.input, recovered.input) && same(said?.output, recovered.output);
}

function tierKey({ provider }: SpanReading): string {
  return provider === "anthropic"
    ? "anthropic.response.service_tier"
    : "openai.response.service_tier";
}
