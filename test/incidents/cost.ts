import type { Call } from "./calls.ts";

/** Tokens of a call and what they cost, in whole pico-dollars; no cost where the model has no price. */
export interface Bill {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
  readonly output: number;
  readonly inputCost: number;
  readonly cacheReadCost: number;
  readonly cacheWriteCost: number;
  readonly outputCost: number;
  readonly cost: number | undefined;
}

export function billOf(call: Call): Bill {
  const { model } = call;
  const input = Math.max(1, Math.round(call.input));
  const cacheRead = Math.floor(input * call.cachedShare);
  const cacheWrite = Math.min(input - cacheRead, Math.floor(input * call.writtenShare));
  const output = Math.max(call.operation === "chat" ? 1 : 0, Math.round(call.output));
  const times = model.dearFrom !== undefined && input > model.dearFrom ? 2 : 1;
  const inputCost = (input - cacheRead - cacheWrite) * model.input * times;
  const cacheReadCost = cacheRead * model.cacheRead * times;
  const cacheWriteCost = cacheWrite * (model.cacheWrite ?? model.input) * times;
  const outputCost = output * model.output * times;
  const sum = inputCost + cacheReadCost + cacheWriteCost + outputCost;
  const cost = model.unpriced === true ? undefined : sum;
  return {
    input,
    cacheRead,
    cacheWrite,
    output,
    inputCost,
    cacheReadCost,
    cacheWriteCost,
    outputCost,
    cost,
  };
}
