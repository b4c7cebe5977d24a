import { SpanCostProcessor } from "@spancost/instrumentation";
import { exactUsd, type PicoUsd, usdFromNumber, zeroUsd } from "@spancost/pricing";
import { type Span, type SpanFacts, toSpanFacts } from "@spancost/records";
import { describe, expect, test } from "vitest";
import { allAttributesOf, hasTraces, prices, truths } from "../emitters/captures.ts";
import { asSdkSpan } from "./sdk-spans.ts";

const captures = Object.keys(truths).filter(hasTraces);
const known = new Set(["gen_ai.usage.cost"]);

/** What the processor adds to a span that ends in this process. */
function writtenOn(span: Span): Record<string, unknown> {
  const sdkSpan = asSdkSpan(span);
  const before = new Set(Object.keys(sdkSpan.attributes));
  new SpanCostProcessor().onEnd(sdkSpan);
  return Object.fromEntries(
    Object.entries(sdkSpan.attributes).filter(([key]) => !before.has(key) && !known.has(key)),
  );
}

/** What it should add, by what the receiver makes of the same span. */
function expectedOn(facts: SpanFacts): Record<string, unknown> {
  if (facts.node !== "call" || facts.servedFromCache) return {};
  if (facts.costUsd === undefined) return { "spancost.unpriced_reason": facts.unpricedReason };
  const parts = {
    "spancost.cost.usd": facts.costUsd,
    "spancost.cost.input_usd": facts.inputCostUsd,
    "spancost.cost.cache_read_usd": facts.cacheReadCostUsd,
    "spancost.cost.cache_write_usd": facts.cacheWriteCostUsd,
    "spancost.cost.output_usd": facts.outputCostUsd,
    "spancost.cost.other_usd": facts.otherCostUsd === zeroUsd ? undefined : facts.otherCostUsd,
  };
  return {
    ...Object.fromEntries(
      Object.entries(parts)
        .filter(([, amount]) => amount !== undefined)
        .map(([key, amount]) => [key, Number(exactUsd(amount as PicoUsd))]),
    ),
    "spancost.price.id": facts.priceId,
  };
}

let priced = 0;
let unpriced = 0;

describe.each(captures)("%s", (capture) => {
  test("costs in the process what it costs in the receiver, to the last digit", () => {
    for (const span of allAttributesOf(capture)) {
      const facts = toSpanFacts(span, prices);
      const written = writtenOn(span);
      expect(written).toEqual(expectedOn(facts));
      const cost = written["spancost.cost.usd"];
      if (cost !== undefined) expect(usdFromNumber(cost as number)).toBe(facts.costUsd);
      if (facts.node === "call" && facts.costUsd !== undefined) priced += 1;
      if (facts.node === "call" && facts.costUsd === undefined) unpriced += 1;
    }
  });
});

test("there were calls with a price and calls without", () => {
  expect(priced).toBeGreaterThan(200);
  expect(unpriced).toBeGreaterThan(5);
});
