import { type Side, wholeWeight } from "../bridge/sides.ts";
import { contextOf } from "../reading/cells.ts";

/** What one side of a comparison did, at the length of the window; `undefined` where there is nothing to divide. */
export interface Figures {
  readonly requests: number;
  readonly calls: number;
  readonly callsPerRequest: number | undefined;
  /** Billed attempts per call: 1 where no attempt was superseded. */
  readonly attemptsPerCall: number | undefined;
  readonly inputTokensPerCall: number | undefined;
  /** Share of the input that was read from a cache. */
  readonly cachedShare: number | undefined;
  readonly outputTokensPerCall: number | undefined;
  /** Share of each model in the calls, the largest first. */
  readonly models: readonly { readonly model: string; readonly share: number }[];
}

export function figuresOf({ pieces, requests, scale }: Side): Figures {
  const sums = { attempts: 0, logical: 0, input: 0, cacheRead: 0, output: 0 };
  const models = new Map<string, number>();
  const contexts = new Set<string>();
  for (const { cell, weight } of pieces) {
    const share = Number(weight) / Number(wholeWeight);
    const { uncached, cacheRead, cacheWrite, output } = cell.tokens;
    const model = cell.labels.model ?? "an unknown model";
    const attempts = Number(cell.calls) * share;
    sums.attempts += attempts;
    sums.logical += Number(cell.logicalCalls) * share;
    sums.input += Number(uncached + cacheRead + cacheWrite) * share;
    sums.cacheRead += Number(cacheRead) * share;
    sums.output += Number(output) * share;
    models.set(model, (models.get(model) ?? 0) + attempts);
    contexts.add(contextOf(cell.labels));
  }
  let requested = 0n;
  for (const context of contexts) requested += requests.get(context) ?? 0n;
  const requestCount = Number(requested) / Number(wholeWeight);
  const factor = Number(scale.times) / Number(scale.over);
  return {
    requests: requestCount * factor,
    calls: sums.attempts * factor,
    callsPerRequest: quotient(sums.logical, requestCount),
    attemptsPerCall: quotient(sums.attempts, sums.logical),
    inputTokensPerCall: quotient(sums.input, sums.attempts),
    cachedShare: quotient(sums.cacheRead, sums.input),
    outputTokensPerCall: quotient(sums.output, sums.attempts),
    models: [...models]
      .map(([model, attempts]) => ({ model, share: attempts / (sums.attempts || 1) }))
      .sort((a, b) => b.share - a.share || (a.model < b.model ? -1 : 1)),
  };
}

function quotient(a: number, b: number): number | undefined {
  return b === 0 ? undefined : a / b;
}
