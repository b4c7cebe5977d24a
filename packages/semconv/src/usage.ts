declare const brand: unique symbol;

/** A number of tokens: a whole number from 0 to 2^53 - 1. */
export type TokenCount = number & { readonly [brand]: "TokenCount" };

/** `value` as a token count, or `undefined` where it is none (negative, fractional, NaN, too large). */
export function tokenCount(value: number): TokenCount | undefined {
  return Number.isSafeInteger(value) && value >= 0 ? (value as TokenCount) : undefined;
}

/**
 * The most tokens that a span is believed when it counts them: far beyond any model's context. Sums of counts up to
 * it fit 64 bits over millions of calls.
 */
export const maxStatedTokens = 1e12;

/**
 * What one call used, in spancost's one meaning whatever its emitter meant.
 *
 * `undefined` is unknown, which is not 0. `input` includes cache reads and writes, `cacheWrite`
 * includes `cacheWrite1h`, `output` includes `reasoning`. Sound and pictures are parts of `input`, `cacheRead`
 * and `output`; where they are not told, those are taken for text.
 */
export interface Usage {
  readonly input: TokenCount | undefined;
  readonly cacheRead: TokenCount | undefined;
  readonly cacheWrite: TokenCount | undefined;
  /** The part of `cacheWrite` that is kept for an hour, which costs more. */
  readonly cacheWrite1h: TokenCount | undefined;
  readonly output: TokenCount | undefined;
  readonly reasoning: TokenCount | undefined;
  readonly inputAudio: TokenCount | undefined;
  readonly inputImage: TokenCount | undefined;
  /** The part of `cacheRead` that is sound; `inputAudio` includes it. */
  readonly cacheReadAudio: TokenCount | undefined;
  readonly outputAudio: TokenCount | undefined;
  readonly outputImage: TokenCount | undefined;
  /** Searches of the web that the provider made for the call and bills by the piece. No tokens. */
  readonly webSearches: TokenCount | undefined;
}

/** How far `Usage` can be believed: counted by the provider, guessed by the emitter, cut off, or absent. */
export type UsageQuality = "measured" | "estimated" | "partial" | "missing";

/** A usage of which nothing is known. */
export const unknownUsage: Usage = {
  input: undefined,
  cacheRead: undefined,
  cacheWrite: undefined,
  cacheWrite1h: undefined,
  output: undefined,
  reasoning: undefined,
  inputAudio: undefined,
  inputImage: undefined,
  cacheReadAudio: undefined,
  outputAudio: undefined,
  outputImage: undefined,
  webSearches: undefined,
};
