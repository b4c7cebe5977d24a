import { scaledFromText } from "./decimal.ts";

declare const brand: unique symbol;

/**
 * An amount of money in whole pico-dollars: 1 USD is 10^12.
 *
 * Sums are exact in any order. A DECIMAL(18,12) column holds what `fitsRecord` accepts.
 * A price card has at most 9 decimals per million tokens, so a single call is rounded at most in its
 * twelfth decimal: each part of a cost by itself, half-even.
 */
export type PicoUsd = bigint & { readonly [brand]: "PicoUsd" };

const decimals = 12;

export const zeroUsd = 0n as PicoUsd;

/** The largest amount of one cost record, ±999,999.999999999999 USD: DECIMAL(18,12). */
export const maxRecordUsd = 999_999_999_999_999_999n as PicoUsd;

/** `pico` whole pico-dollars. */
export function picoUsd(pico: bigint): PicoUsd {
  return pico as PicoUsd;
}

/**
 * USD from a decimal text such as "0.00125" or "1.25e-3", rounded half-even to 12 decimals.
 *
 * `undefined` for what is no decimal number.
 */
export function usdFromText(text: string): PicoUsd | undefined {
  return scaledFromText(text, decimals) as PicoUsd | undefined;
}

/**
 * USD from a double, through its shortest decimal form, rounded half-even to 12 decimals.
 *
 * 0.1 is 0.100000000000 and not the binary fraction beneath it. `undefined` for NaN and infinities.
 */
export function usdFromNumber(usd: number): PicoUsd | undefined {
  return usdFromText(String(usd));
}

export function addUsd(a: PicoUsd, b: PicoUsd): PicoUsd {
  return (a + b) as PicoUsd;
}

/** Whether one cost record can hold the amount. */
export function fitsRecord(amount: PicoUsd): boolean {
  return amount <= maxRecordUsd && amount >= -maxRecordUsd;
}
