import type { Counts } from "../record/plan.ts";

/** What providers list, in picodollars per token: a dollar per million tokens is a million. */
interface ListPrice {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
  readonly cacheWrite1h: bigint;
  readonly output: bigint;
}

/** Written down by hand, so that the package's own prices are held against something else. */
const listPrices: Readonly<Record<string, ListPrice>> = {
  // $0.25, $0.025 cached, $2.00 per million: OpenAI's price list.
  "gpt-5-mini": {
    input: 250_000n,
    cacheRead: 25_000n,
    cacheWrite: 250_000n,
    cacheWrite1h: 250_000n,
    output: 2_000_000n,
  },
  // $0.40, $0.10 cached, $1.60.
  "gpt-4.1-mini": {
    input: 400_000n,
    cacheRead: 100_000n,
    cacheWrite: 400_000n,
    cacheWrite1h: 400_000n,
    output: 1_600_000n,
  },
  // $1.00, $0.10 read, $1.25 written for 5 minutes, $2.00 for an hour, $5.00: Anthropic's price list.
  "claude-haiku-4-5": {
    input: 1_000_000n,
    cacheRead: 100_000n,
    cacheWrite: 1_250_000n,
    cacheWrite1h: 2_000_000n,
    output: 5_000_000n,
  },
};

/**
 * What the provider bills for `counts` by its list, in USD with 12 decimals.
 *
 * @throws Error for a model that is not in the list
 */
export function listCost(model: string, counts: Counts): string {
  const price = listPrices[model];
  if (price === undefined) throw new Error(`no list price of ${model}`);
  const { input, cached, cacheWrite, cacheWrite1h, output } = counts;
  const picos =
    price.input * BigInt(input - cached - cacheWrite) +
    price.cacheRead * BigInt(cached) +
    price.cacheWrite * BigInt(cacheWrite - cacheWrite1h) +
    price.cacheWrite1h * BigInt(cacheWrite1h) +
    price.output * BigInt(output);
  const digits = picos.toString().padStart(13, "0");
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}
