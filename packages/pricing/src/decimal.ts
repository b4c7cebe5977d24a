/** The longest decimal text that is read; the longest a JavaScript number prints is 24 characters. */
const maxTextLength = 64;

const decimalText = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * A decimal text as a whole number of units of 10^-`decimals`; further digits are rounded half-even.
 *
 * `undefined` for what is no plain decimal number ("", ".", "NaN", "1,5", more than 64 characters).
 */
export function scaledFromText(text: string, decimals: number): bigint | undefined {
  if (text.length > maxTextLength) return undefined;
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = decimalText.exec(text) ?? [];
  if (whole === "" && fraction === "") return undefined;
  const shift = decimals - fraction.length + Number(exponent);
  const digits = BigInt(whole + fraction);
  const scaled =
    shift >= 0 ? digits * 10n ** BigInt(shift) : halfEvenQuotient(digits, 10n ** BigInt(-shift));
  return sign === "-" ? -scaled : scaled;
}

/**
 * A decimal text as a whole number of units of 10^-`decimals`, or "inexact" where it has further digits that
 * are not zero. `undefined` as above.
 */
export function exactFromText(text: string, decimals: number): bigint | "inexact" | undefined {
  const scaled = scaledFromText(text, decimals);
  if (scaled === undefined) return undefined;
  // The digits of a text within the limit end at most so many places behind the point.
  const finest = decimals + maxTextLength + Math.max(0, -exponentOf(text));
  const exact = scaledFromText(text, finest);
  return exact === scaled * 10n ** BigInt(finest - decimals) ? scaled : "inexact";
}

function exponentOf(text: string): number {
  return Number(decimalText.exec(text)?.[4] ?? 0);
}

/** `dividend / divisor` for a positive divisor, rounded to the nearest whole number, a tie to the even one. */
export function halfEvenQuotient(dividend: bigint, divisor: bigint): bigint {
  if (dividend < 0n) return -halfEvenQuotient(-dividend, divisor);
  const quotient = dividend / divisor;
  const twice = 2n * (dividend - quotient * divisor);
  if (twice < divisor) return quotient;
  if (twice > divisor) return quotient + 1n;
  return quotient + (quotient & 1n);
}
