import { type RawCounts, readUsage, type UsageMeaning, type UsageReading } from "./read-usage.ts";

/**
 * Models whose providers say output without thinking, and a total with it, as `gemini-2.5-pro`, `xai/grok-4` are.
 *
 * Source: Gemini API reference, UsageMetadata; xAI API reference, chat completions, `usage`.
 */
const thinksApart = /(?:^|[/.:])(?:gemini|grok)-/i;

/** What a total counts beyond input and output: thinking, and of Gemini what its built-in tools put in. */
export function leftOver(raw: Pick<RawCounts, "input" | "output" | "total">): number | undefined {
  const [input, output, total] = [raw.input, raw.output, raw.total].map(wholeNumber);
  if (total === undefined || input === undefined || output === undefined) return undefined;
  return total >= input + output ? total - input - output : undefined;
}

/** Attributes of Micrometer are texts. */
function wholeNumber(sent: unknown): number | undefined {
  const told = typeof sent === "number" || (typeof sent === "string" && /^\d{1,13}$/.test(sent));
  return told ? Number(sent) : undefined;
}

/**
 * `raw` once more, of a call whose total fits no reading of its counts: nobody told of its thinking, which only the
 * total has. Whoever copies a provider's counts as they come sends them so.
 *
 * @returns `undefined` where something else is wrong with them
 */
export function readWithThinking(
  raw: RawCounts,
  meaning: UsageMeaning,
  models: readonly (string | undefined)[],
): UsageReading | undefined {
  if (raw.reasoning !== undefined || !models.some((model) => thinksApart.test(model ?? ""))) {
    return undefined;
  }
  const reading = readUsage(
    { ...raw, reasoning: leftOver(raw) },
    { ...meaning, outputIncludesReasoning: false },
    false,
  );
  return reading.issues.length === 0 ? { ...reading, issues: ["reasoning_from_total"] } : undefined;
}
