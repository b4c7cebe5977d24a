import { exactUsd } from "./format-money.ts";
import type { PicoUsd } from "./money.ts";

const picoPerUsd = 1e12;
/** Up to here, 9,007 USD, an amount is a whole number that a double holds. */
const maxExact = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * An exact amount as the double nearest to it, the one that its decimal text reads as: a quotient of two doubles that are
 * exact is rounded once. `usdFromNumber` gives the amount back below 1,000 USD, where it has at most 15 digits.
 */
export function usdNumber(amount: PicoUsd): number {
  return amount <= maxExact && amount >= -maxExact
    ? Number(amount) / picoPerUsd
    : Number(exactUsd(amount));
}
