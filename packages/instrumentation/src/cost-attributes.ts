import type { AttributeValue } from "@opentelemetry/api";
import { type PicoUsd, type Priced, type Unpriced, zeroUsd } from "@spancost/pricing";
import { usdNumber } from "./usd-number.ts";

/** Sets one attribute of a span. */
export type WriteAttribute = (key: string, value: AttributeValue) => void;

/** Our cost, always. */
const costKey = "spancost.cost.usd";
/** What Langfuse, OpenLIT and SigNoz read. */
const sharedCostKey = "gen_ai.usage.cost";
const unpricedKey = "spancost.unpriced_reason";

/** True where a processor of ours has been here before: a second one has nothing to add. */
export function isPriced(attributes: Readonly<Record<string, unknown>>): boolean {
  return attributes[costKey] !== undefined || attributes[unpricedKey] !== undefined;
}

/**
 * Writes what a call cost, or why that is not known.
 *
 * `gen_ai.usage.cost` is left as it is where the emitter wrote one. Where the two are equal, it is ours: so the
 * receiver can tell a cost that an emitter reports from one that this package computed.
 */
export function writeCost(
  price: Priced | Unpriced,
  attributes: Readonly<Record<string, unknown>>,
  write: WriteAttribute,
): void {
  if (price.kind === "unpriced") {
    write(unpricedKey, price.reason);
    return;
  }
  const { total, input, cacheRead, cacheWrite, output, other } = price.cost;
  const cost = usdNumber(total);
  write(costKey, cost);
  if (attributes[sharedCostKey] === undefined) write(sharedCostKey, cost);
  const part = (name: string, amount: PicoUsd | undefined) => {
    if (amount !== undefined) write(name, usdNumber(amount));
  };
  part("spancost.cost.input_usd", input);
  part("spancost.cost.cache_read_usd", cacheRead);
  part("spancost.cost.cache_write_usd", cacheWrite);
  part("spancost.cost.output_usd", output);
  // What a card charges for each call, which most do not.
  if (other !== undefined && other !== zeroUsd) part("spancost.cost.other_usd", other);
  write("spancost.price.id", price.priceId);
}
