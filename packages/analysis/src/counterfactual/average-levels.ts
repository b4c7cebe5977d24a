import type { Side } from "../bridge/sides.ts";
import { emptyStratum, inputKinds, type Stratum, tokensOf, toStrata } from "../bridge/strata.ts";

/**
 * What a factor was on average: in the baseline, and in the window.
 *
 * The baseline's levels of each context and place in the run are weighted as in the window. So an average cannot
 * move by itself where other prompts became more frequent, and says the same as the dollars beside it.
 */
export type AverageLevels = Readonly<
  Record<
    AveragedFactor,
    { readonly before: number | undefined; readonly after: number | undefined }
  >
>;

export type AveragedFactor = "loops" | "retries" | "input" | "cache" | "output";

/** @returns `undefined` for what has nothing to be divided by */
export function averageLevels(before: Side, after: Side): AverageLevels {
  const strataBefore = toStrata(before);
  const strataAfter = toStrata(after);
  const sums = { loops: none(), retries: none(), input: none(), cache: none(), output: none() };
  const requests = new Map<string, number>();
  for (const [key, now] of strataAfter) {
    const old = countsOf(strataBefore.get(key) ?? emptyStratum(before, now.context, 0n));
    const a = countsOf(now);
    // A request has calls at many places: it counts once.
    requests.set(now.context, a.requests);
    addLevel(sums.loops, a.logical, quotient(old.logical, old.requests), a.requests, 0);
    addLevel(sums.retries, a.attempts, quotient(old.attempts, old.logical), a.logical);
    addLevel(sums.input, a.input, quotient(old.input, old.attempts), a.attempts);
    addLevel(sums.cache, a.cacheRead, quotient(old.cacheRead, old.input), a.input);
    addLevel(sums.output, a.output, quotient(old.output, old.attempts), a.attempts);
  }
  for (const [key, old] of strataBefore) {
    // Places that runs do not reach any more.
    if (strataAfter.has(key)) continue;
    const { logical, requests: oldRequests } = countsOf(old);
    const now = requests.get(old.context) ?? 0;
    sums.loops.before += (quotient(logical, oldRequests) ?? 0) * now;
  }
  for (const count of requests.values()) sums.loops.weight += count;
  const level = ({ before, after, weight }: LevelSums) => ({
    before: quotient(before, weight),
    after: quotient(after, weight),
  });
  return {
    loops: level(sums.loops),
    retries: level(sums.retries),
    input: level(sums.input),
    cache: level(sums.cache),
    output: level(sums.output),
  };
}

interface LevelSums {
  before: number;
  after: number;
  weight: number;
}

function none(): LevelSums {
  return { before: 0, after: 0, weight: 0 };
}

/** Adds what a stratum has of a factor, and what it would have at the old level; without one, the new stands. */
function addLevel(
  sums: LevelSums,
  after: number,
  old: number | undefined,
  base: number,
  weight = base,
): void {
  sums.after += after;
  sums.before += old === undefined ? after : old * base;
  sums.weight += weight;
}

function countsOf(stratum: Stratum) {
  return {
    requests: Number(stratum.requests),
    logical: Number(stratum.logicalCalls),
    attempts: Number(stratum.attempts),
    input: Number(tokensOf(stratum, inputKinds)),
    cacheRead: Number(tokensOf(stratum, ["cacheRead"])),
    output: Number(tokensOf(stratum, ["output"])),
  };
}

function quotient(a: number, b: number): number | undefined {
  return b === 0 ? undefined : a / b;
}
