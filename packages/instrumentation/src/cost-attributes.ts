import type { AttributeValue } from "@opentelemetry/api";
import { type PicoUsd, type Priced, type Unpriced, usdNumber, zeroUsd } from "@spancost/pricing";
import { costAttributes } from "@spancost/semconv";

/** Sets one attribute of a span. */
export type WriteAttribute = (key: string, value: AttributeValue) => void;

/** True where a processor of ours has been here before: a second one has nothing to add. */
export function isPriced(attributes: Readonly<Record<string, unknown>>): boolean {
  return (
    attributes[costAttributes.total] !== undefined ||
    attributes[costAttributes.unpricedReason] !== undefined
  );
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
    write(costAttributes.unpricedReason, price.reason);
    return;
  }
  const { total, input, cacheRead, cacheWrite, output, other } = price.cost;
  const cost = usdNumber(total);
  write(costAttributes.total, cost);
  if (attributes[costAttributes.shared] === undefined) write(costAttributes.shared, cost);
  const part = (name: string, amount: PicoUsd | undefined) => {
    if (amount !== undefined) write(name, usdNumber(amount));
  };
  part(costAttributes.input, input);
  part(costAttributes.cacheRead, cacheRead);
  part(costAttributes.cacheWrite, cacheWrite);
  part(costAttributes.output, output);
  // What a card charges for each call, which most do not.
  if (other !== undefined && other !== zeroUsd) part(costAttributes.other, other);
  write(costAttributes.priceId, price.priceId);
}
