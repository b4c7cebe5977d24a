import { halfEvenQuotient, scaledFromText } from "./decimal.ts";
import { type PicoUsd, picoUsd } from "./money.ts";

declare const brand: unique symbol;

/** The price of a million units (tokens, requests) in whole nano-dollars: 3 USD is 3_000_000_000n. */
export type Rate = bigint & { readonly [brand]: "Rate" };

/** A rate that holds for a whole call as soon as its total input is above a size: a cliff, no slope. */
export interface RateTier {
  /** In tokens. A call of exactly this size still has the rate below. */
  readonly above: number;
  readonly rate: Rate;
}

export interface TieredRate {
  readonly base: Rate;
  /** By ascending `above`; empty for a flat rate. */
  readonly tiers: readonly RateTier[];
}

/** Decimals of a rate in USD per million. */
export const rateDecimals = 9;

/**
 * A rate from USD per million units, `undefined` for what is no price (NaN, negative).
 *
 * Rounded half-even to 9 decimals of the shortest decimal form: the catalogue was converted
 * with doubles and holds numbers such as 0.18000000000000002.
 */
export function rateFromNumber(usdPerMillion: number): Rate | undefined {
  const rate = scaledFromText(String(usdPerMillion), rateDecimals);
  return rate === undefined || rate < 0n ? undefined : (rate as Rate);
}

export function flatRate(rate: Rate): TieredRate {
  return { base: rate, tiers: [] };
}

/** A part of a rate, or a multiple of it: 12 % off leaves 88 hundredths. */
export interface Share {
  readonly of: bigint;
  readonly in: bigint;
}

/** `share` of a rate at every size, rounded half-even to the 9 decimals that a rate holds. */
export function shareOfRate(price: TieredRate, share: Share): TieredRate {
  const part = (rate: Rate) => halfEvenQuotient(rate * share.of, share.in) as Rate;
  return {
    base: part(price.base),
    tiers: price.tiers.map(({ above, rate }) => ({ above, rate: part(rate) })),
  };
}

/** The same rate at every size, `factor` times. */
export function timesRate(price: TieredRate, factor: bigint): TieredRate {
  return shareOfRate(price, { of: factor, in: 1n });
}

/** The rate of a call with `totalInput` tokens, cached ones included. */
export function rateAt(price: TieredRate, totalInput: number): Rate {
  let rate = price.base;
  for (const tier of price.tiers) if (totalInput > tier.above) rate = tier.rate;
  return rate;
}

/** Whether two prices are the same at every size. */
export function sameRate(a: TieredRate, b: TieredRate): boolean {
  return (
    a.base === b.base &&
    a.tiers.length === b.tiers.length &&
    a.tiers.every(({ above, rate }, i) => b.tiers[i]?.above === above && b.tiers[i].rate === rate)
  );
}

/** What `units` cost, exactly, in 10^-15 USD. */
export function femtoUsd(units: number, rate: Rate): bigint {
  return BigInt(units) * rate;
}

/** An amount in 10^-15 USD rounded half-even to 12 decimals. */
export function usdFromFemto(femto: bigint): PicoUsd {
  return picoUsd(halfEvenQuotient(femto, 1000n));
}

/** "3" or "0.083333333": USD per million units, without trailing zeros. */
export function formatRate(rate: Rate): string {
  const fraction = String(rate % 1_000_000_000n)
    .padStart(rateDecimals, "0")
    .replace(/0+$/, "");
  const whole = rate / 1_000_000_000n;
  return fraction === "" ? String(whole) : `${whole}.${fraction}`;
}
