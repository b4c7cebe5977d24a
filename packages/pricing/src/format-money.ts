import { halfEvenQuotient } from "./decimal.ts";
import type { PicoUsd } from "./money.ts";

const picoPerUsd = 1_000_000_000_000n;
const picoPerMicroUsd = 1_000_000n;

/** All twelve decimals: "0.001234500000". `usdFromText` reads it back to the same amount. */
export function exactUsd(amount: PicoUsd): string {
  const size = amount < 0n ? -amount : amount;
  return `${signOf(amount)}${size / picoPerUsd}.${String(size % picoPerUsd).padStart(12, "0")}`;
}

/** Every decimal that says something: "0.0012345", "3". */
export function plainUsd(amount: PicoUsd): string {
  return exactUsd(amount).replace(/\.?0+$/, "");
}

/**
 * An amount as people read it: "$1,234.56" from a dollar up, two significant digits below
 * ("$0.0012"), "<$0.000001" below a millionth, "unknown" for an unknown amount. Rounded half-even. In front of what is
 * below 0 stands a minus sign, which is as wide as the plus of a change and no hyphen: "−$3.00".
 */
export function shortUsd(amount: PicoUsd | undefined): string {
  return withDigits(amount, 2);
}

/**
 * Two amounts as people compare them: as `shortUsd`, with as many significant digits more, up to four, as it takes to tell them
 * apart: "$0.00194" and "$0.00187".
 */
export function comparedUsd(
  a: PicoUsd | undefined,
  b: PicoUsd | undefined,
): readonly [a: string, b: string] {
  for (let digits = 2; ; digits++) {
    const [first, second] = [withDigits(a, digits), withDigits(b, digits)];
    if (first !== second || digits === 4) return [first, second];
  }
}

function withDigits(amount: PicoUsd | undefined, digits: number): string {
  if (amount === undefined) return "unknown";
  const size = amount < 0n ? -amount : amount;
  if (size === 0n) return "$0.00";
  if (size < picoPerMicroUsd) return amount < 0n ? ">−$0.000001" : "<$0.000001";
  return `${amount < 0n ? "−" : ""}$${rounded(size, digits)}`;
}

function signOf(amount: bigint): string {
  return amount < 0n ? "-" : "";
}

/** `size` to so many significant digits, and never to fewer than two decimals. */
function rounded(size: bigint, digits: number): string {
  const leadingDigit = String(size).length - 13;
  const decimals = Math.max(2, digits - 1 - leadingDigit);
  const unit = 10n ** BigInt(12 - decimals);
  const units = halfEvenQuotient(size, unit);
  const whole = units / 10n ** BigInt(decimals);
  const fraction = String(units % 10n ** BigInt(decimals)).padStart(decimals, "0");
  return `${grouped(whole)}.${trimmed(fraction)}`;
}

/** Rounding up may add a digit, 0.0996 to 0.100: zeros beyond the second decimal say nothing. */
function trimmed(fraction: string): string {
  return fraction.slice(0, 2) + fraction.slice(2).replace(/0+$/, "");
}

function grouped(whole: bigint): string {
  return String(whole).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
