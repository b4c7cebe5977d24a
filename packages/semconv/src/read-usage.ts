import { firstValue, type Keys } from "./attributes.ts";
import type { UsageIssue } from "./reading.ts";
import { referee } from "./referee.ts";
import type { AttributeSource } from "./span-view.ts";
import {
  maxStatedTokens,
  type TokenCount,
  tokenCount,
  type Usage,
  type UsageQuality,
  unknownUsage,
} from "./usage.ts";

/** Where an emitter puts its counts: for each, the keys to look at, the first that is there wins. */
export interface UsageKeys {
  readonly input: Keys;
  readonly output: Keys;
  readonly total: Keys;
  readonly cacheRead: Keys;
  readonly cacheWrite: Keys;
  readonly cacheWrite1h: Keys;
  readonly reasoning: Keys;
  readonly inputAudio: Keys;
  readonly inputImage: Keys;
  readonly cacheReadAudio: Keys;
  readonly outputAudio: Keys;
  readonly outputImage: Keys;
  readonly webSearches: Keys;
}

/** What an emitter means by its counts. */
export interface UsageMeaning {
  /** Its input count includes cache reads and writes. */
  readonly inputIncludesCache: boolean;
  /** Its output count includes reasoning tokens. */
  readonly outputIncludesReasoning: boolean;
  /** What a count that is not there means: the emitter leaves zeros out, or it never tells. */
  readonly absent: {
    readonly cacheRead: "zero" | "unknown";
    readonly cacheWrite: "zero" | "unknown";
    readonly reasoning: "zero" | "unknown";
  };
  /** Whose total it sends: most add up what they send themselves, so that it says nothing of what is left out. */
  readonly total: "own sum" | "the provider's";
}

/** Counts as an emitter sends them, before its meaning is applied. */
export type RawCounts = { readonly [Count in keyof UsageKeys]: unknown };

/** The counts of a span, found by key. */
export function rawCounts(source: AttributeSource, keys: UsageKeys): RawCounts {
  return {
    input: firstValue(source, keys.input),
    output: firstValue(source, keys.output),
    total: firstValue(source, keys.total),
    cacheRead: firstValue(source, keys.cacheRead),
    cacheWrite: firstValue(source, keys.cacheWrite),
    cacheWrite1h: firstValue(source, keys.cacheWrite1h),
    reasoning: firstValue(source, keys.reasoning),
    inputAudio: firstValue(source, keys.inputAudio),
    inputImage: firstValue(source, keys.inputImage),
    cacheReadAudio: firstValue(source, keys.cacheReadAudio),
    outputAudio: firstValue(source, keys.outputAudio),
    outputImage: firstValue(source, keys.outputImage),
    webSearches: firstValue(source, keys.webSearches),
  };
}

/** A usage, how good it is, and what is odd about it. */
export interface UsageReading {
  readonly usage: Usage;
  readonly quality: UsageQuality;
  readonly issues: readonly UsageIssue[];
}

/**
 * `raw` in spancost's meaning, where input includes caches and output includes reasoning.
 *
 * Never clamps: counts that contradict each other are kept and named in `issues`; one that cannot be a count is unknown,
 * and named there too.
 *
 * @param isEmbedding an embedding has neither output nor caches, so what is absent is 0
 */
export function readUsage(
  raw: RawCounts,
  meaning: UsageMeaning,
  isEmbedding: boolean,
): UsageReading {
  const issues: UsageIssue[] = [];
  const count = (sent: unknown): TokenCount | undefined => {
    if (sent === undefined || sent === null) return undefined;
    // Micrometer, and so Spring AI, has no attributes but texts.
    const value = typeof sent === "string" && /^\d{1,13}$/.test(sent) ? Number(sent) : sent;
    const tokens =
      typeof value === "number" && value <= maxStatedTokens ? tokenCount(value) : undefined;
    if (tokens === undefined && !issues.includes("invalid_token_count")) {
      issues.push("invalid_token_count");
    }
    return tokens;
  };
  const sentInput = count(raw.input);
  const sentOutput = count(raw.output);
  const total = count(raw.total);
  const known = sentInput !== undefined || sentOutput !== undefined;
  const absent = (rule: "zero" | "unknown", value: unknown): TokenCount | undefined => {
    const zero = known && value === undefined && (isEmbedding || rule === "zero");
    return zero ? (0 as TokenCount) : undefined;
  };
  const cacheRead = count(raw.cacheRead) ?? absent(meaning.absent.cacheRead, raw.cacheRead);
  const cacheWrite = count(raw.cacheWrite) ?? absent(meaning.absent.cacheWrite, raw.cacheWrite);
  const cacheWrite1h = cacheWrite === 0 ? cacheWrite : count(raw.cacheWrite1h);
  const reasoning = count(raw.reasoning) ?? absent(meaning.absent.reasoning, raw.reasoning);

  const sent = {
    input: sentInput,
    output: sentOutput,
    cached: (cacheRead ?? 0) + (cacheWrite ?? 0),
    reasoning: reasoning ?? 0,
  };
  // Every prompt has tokens: who counts none has counted nothing.
  if (known && (sent.input ?? 0) + (sent.output ?? 0) + sent.cached === 0) {
    return { usage: unknownUsage, quality: "missing", issues: [...issues, "zero_usage"] };
  }
  const { reading, contradicted } = referee(sent, total, meaning);
  if (contradicted) issues.push("total_mismatch");
  const input = reading.inputIncludesCache ? sentInput : sum(sentInput, sent.cached);
  const output = reading.outputIncludesReasoning ? sentOutput : sum(sentOutput, sent.reasoning);

  const usage: Usage = {
    input,
    cacheRead,
    cacheWrite,
    cacheWrite1h,
    output: isEmbedding && known ? (output ?? (0 as TokenCount)) : output,
    reasoning,
    inputAudio: count(raw.inputAudio),
    inputImage: count(raw.inputImage),
    cacheReadAudio: count(raw.cacheReadAudio),
    outputAudio: count(raw.outputAudio),
    outputImage: count(raw.outputImage),
    webSearches: count(raw.webSearches),
  };
  if (input !== undefined && sent.cached > input) issues.push("cached_exceeds_input");
  if (usage.output !== undefined && (reasoning ?? 0) > usage.output) {
    issues.push("reasoning_exceeds_output");
  }
  return { usage, quality: qualityOf(usage), issues };
}

function sum(tokens: number | undefined, more: number): TokenCount | undefined {
  return tokens === undefined ? undefined : tokenCount(tokens + more);
}

function qualityOf(usage: Usage): UsageQuality {
  if (usage.input === undefined && usage.output === undefined) return "missing";
  return usage.input === undefined || usage.output === undefined ? "partial" : "measured";
}

/** True where the span has any count of its own under `keys`. */
export function hasUsage(raw: RawCounts): boolean {
  return raw.input !== undefined || raw.output !== undefined;
}
