import type { CallToPrice, PriceBook, Priced } from "@spancost/pricing";
import type { SpanFacts } from "./span-facts.ts";

/** What a price depends on. A stored row has all of it, so that it can be priced anew. */
export type FactsToPrice = Pick<
  SpanFacts,
  | "node"
  | "failed"
  | "startedAt"
  | "endedAt"
  | "provider"
  | "requestModel"
  | "responseModel"
  | "serviceTier"
  | "account"
  | "region"
  | "operation"
  | "tool"
  | "units"
  | "inputTokens"
  | "cacheReadTokens"
  | "cacheWriteTokens"
  | "cacheWrite1hTokens"
  | "outputTokens"
  | "reasoningTokens"
  | "inputAudioTokens"
  | "inputImageTokens"
  | "cacheReadAudioTokens"
  | "outputAudioTokens"
  | "outputImageTokens"
  | "webSearches"
>;

/** What pricing finds: a cost in parts with its source, or why there is none, or nothing where none is due. */
export type PriceColumns = Pick<
  SpanFacts,
  | "costUsd"
  | "inputCostUsd"
  | "cacheReadCostUsd"
  | "cacheWriteCostUsd"
  | "outputCostUsd"
  | "otherCostUsd"
  | "unpricedReason"
  | "priceSource"
  | "priceId"
  | "pricedAt"
>;

/**
 * Prices one span by what is known of it. Pure: the same facts and prices give the same columns.
 *
 * Calls are priced, and other spans that repeat usage, for one may have to stand in for its calls. A use of a
 * tool is priced where a contract has a price for the tool; otherwise it has neither a cost nor a reason. A
 * failed use is billed only where the span says how many units it used.
 */
export function priceFacts(facts: FactsToPrice, prices: PriceBook): PriceColumns {
  const hasUsage = facts.inputTokens !== undefined || facts.outputTokens !== undefined;
  if (facts.node === "tool" && !hasUsage) return toolPrice(facts, prices);
  if (facts.node !== "call" && !hasUsage) return notPriced;
  const price = prices.price(callOf(facts));
  return price.kind === "unpriced"
    ? { ...notPriced, unpricedReason: price.reason }
    : columnsOf(price, facts);
}

function toolPrice(facts: FactsToPrice, prices: PriceBook): PriceColumns {
  const { tool, units, failed } = facts;
  if (tool === undefined || (failed && units === undefined)) return notPriced;
  const price = prices.priceTool({
    tool,
    operation: facts.operation,
    provider: facts.provider,
    units,
    startedAt: facts.startedAt / 1000,
    account: facts.account,
    region: facts.region,
  });
  return price === undefined ? notPriced : columnsOf(price, facts);
}

function callOf(facts: FactsToPrice): CallToPrice {
  return {
    provider: facts.provider,
    requestModel: facts.requestModel,
    responseModel: facts.responseModel,
    startedAt: facts.startedAt / 1000,
    durationMicros: facts.endedAt - facts.startedAt,
    serviceTier: facts.serviceTier,
    account: facts.account,
    region: facts.region,
    usage: {
      input: facts.inputTokens,
      cacheRead: facts.cacheReadTokens,
      cacheWrite: facts.cacheWriteTokens,
      cacheWrite1h: facts.cacheWrite1hTokens,
      output: facts.outputTokens,
      reasoning: facts.reasoningTokens,
      inputAudio: facts.inputAudioTokens,
      inputImage: facts.inputImageTokens,
      cacheReadAudio: facts.cacheReadAudioTokens,
      outputAudio: facts.outputAudioTokens,
      outputImage: facts.outputImageTokens,
      webSearches: facts.webSearches,
    },
  };
}

function columnsOf({ cost, source, priceId }: Priced, facts: FactsToPrice): PriceColumns {
  return {
    costUsd: cost.total,
    inputCostUsd: cost.input,
    cacheReadCostUsd: cost.cacheRead,
    cacheWriteCostUsd: cost.cacheWrite,
    outputCostUsd: cost.output,
    otherCostUsd: cost.other,
    unpricedReason: undefined,
    priceSource: source,
    priceId,
    pricedAt: facts.startedAt,
  };
}

/** Neither a cost nor a reason why there is none. */
export const notPriced: PriceColumns = {
  costUsd: undefined,
  inputCostUsd: undefined,
  cacheReadCostUsd: undefined,
  cacheWriteCostUsd: undefined,
  outputCostUsd: undefined,
  otherCostUsd: undefined,
  unpricedReason: undefined,
  priceSource: undefined,
  priceId: undefined,
  pricedAt: undefined,
};
