import type { UsageMeaning } from "./read-usage.ts";

/** The two questions on which emitters differ. */
export type Reading = Pick<UsageMeaning, "inputIncludesCache" | "outputIncludesReasoning">;

/** Counts as they were sent. `cached` is reads and writes together. */
export interface SentCounts {
  readonly input: number | undefined;
  readonly output: number | undefined;
  readonly cached: number;
  readonly reasoning: number;
}

/**
 * Which reading of the counts holds, judged by the span's own total.
 *
 * What the emitter's dialect says stands, unless the total fits another reading and not that one: an emitter
 * that changed its mind, or a version nobody has seen. A total that the emitter added up itself from what it sends
 * is no witness. Where the total fits no reading, or several, the dialect's stands and the counts are named contradictory.
 */
export function referee(
  sent: SentCounts,
  total: number | undefined,
  meaning: UsageMeaning,
): { readonly reading: Reading; readonly contradicted: boolean } {
  const declared: Reading = meaning;
  const { input, output } = sent;
  if (total === undefined || input === undefined || output === undefined) {
    return { reading: declared, contradicted: false };
  }
  const sumOf = (reading: Reading) =>
    input +
    output +
    (reading.inputIncludesCache ? 0 : sent.cached) +
    (reading.outputIncludesReasoning ? 0 : sent.reasoning);
  const ownSum = meaning.total === "own sum" && total === input + output;
  if (ownSum || sumOf(declared) === total) return { reading: declared, contradicted: false };
  const fits = readings.filter(
    (reading) => sumOf(reading) === total && isPossible(reading, sent, input, output),
  );
  const [first] = fits;
  return fits.length === 1 && first !== undefined
    ? { reading: first, contradicted: false }
    : { reading: declared, contradicted: true };
}

const readings: readonly Reading[] = [
  { inputIncludesCache: true, outputIncludesReasoning: true },
  { inputIncludesCache: false, outputIncludesReasoning: true },
  { inputIncludesCache: true, outputIncludesReasoning: false },
  { inputIncludesCache: false, outputIncludesReasoning: false },
];

/** A part is no more than its whole; and where there is no part, both readings of it are one: the first. */
function isPossible(reading: Reading, sent: SentCounts, input: number, output: number): boolean {
  if (reading.inputIncludesCache ? sent.cached > input : sent.cached === 0) return false;
  return !(reading.outputIncludesReasoning ? sent.reasoning > output : sent.reasoning === 0);
}
