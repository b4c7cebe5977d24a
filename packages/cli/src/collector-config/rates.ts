import { type PriceBook, type PriceCard, picoUsd, plainUsd } from "@spancost/pricing";
import { tokenCount, type Usage, unknownUsage } from "@spancost/semconv";

/** Which model, as spans name it. */
export interface ModelName {
  /** In the conventions' words; `undefined`: spans that do not name theirs. */
  readonly provider: string | undefined;
  readonly model: string;
}

/** What a kind of token costs, in USD per million; `undefined`: nobody says. */
export type Rates = Readonly<Record<RateName, string | undefined>>;

export const rateNames = [
  "input",
  "cache_read",
  "cache_write",
  "cache_write_1h",
  "output",
  "reasoning",
] as const;

export type RateName = (typeof rateNames)[number];

/** The rates of calls with more input than `above`, in tokens. */
export interface Band {
  readonly above: number;
  /** The last size for which they hold; `undefined` is any. */
  readonly upTo: number | undefined;
  readonly rates: Rates;
  /** What each call costs beside its tokens, in USD. */
  readonly perCall: string;
}

/** The rates of a card, or why statements cannot say them. */
export type CardRates =
  | { readonly kind: "rates"; readonly bands: readonly Band[] }
  | { readonly kind: "not_expressible"; readonly reason: string };

/** Tokens of the kind that is asked for: enough for every digit of a rate. */
const million = 1_000_000;

/**
 * The rates of a card as the price book itself applies them, which is asked for the cost of so many tokens of each kind:
 * what stands in for a rate that is missing, and what does not, is then its own answer.
 */
export function ratesOf(
  book: PriceBook,
  name: ModelName,
  tier: string,
  at: number,
  card: PriceCard,
): CardRates {
  if (card.gpuHour !== undefined) return no("it costs a share of a machine's time");
  if (card.outputByModality !== undefined) return no("kinds of output have prices of their own");
  if (card.dependsOnHour) return no("its price depends on the hour of the day");
  const sizes = Object.values(card.cells).flatMap((cell) => [
    ...(cell?.rate.tiers.map(({ above }) => above) ?? []),
    ...(cell?.upTo === undefined ? [] : [cell.upTo]),
  ]);
  const starts = [...new Set([0, ...sizes])].toSorted((a, b) => a - b);
  const bands = starts.map((above, nth): Band => {
    const upTo = starts[nth + 1];
    const total = upTo ?? above + million;
    const ask = (usage: Partial<Usage>) => cost(book, name, tier, at, usage);
    const perCall = card.cells.request?.rate.base ?? 0n;
    const fee = picoUsd(perCall / 1000n);
    const input = { input: tokenCount(total), output: tokenCount(0) };
    const base = ask(input);
    const rate = (usage: Partial<Usage>, tokens: number, without: bigint | undefined) => {
      const whole = ask(usage);
      if (whole === undefined || without === undefined) return undefined;
      return perMillion(whole - without, tokens);
    };
    const output = { ...input, output: tokenCount(million) };
    return {
      above,
      upTo,
      perCall: plainUsd(fee),
      rates: {
        input: base === undefined ? undefined : perMillion(base - fee, total),
        cache_read: rate({ ...input, cacheRead: tokenCount(total) }, total, fee),
        cache_write: rate({ ...input, cacheWrite: tokenCount(total) }, total, fee),
        cache_write_1h: rate(
          { ...input, cacheWrite: tokenCount(total), cacheWrite1h: tokenCount(total) },
          total,
          fee,
        ),
        output: rate(output, million, base),
        reasoning: rate({ ...output, reasoning: tokenCount(million) }, million, base),
      },
    };
  });
  const known = bands.filter(({ rates }) => rates.input !== undefined);
  return known.length === 0 ? no("no rate for input") : { kind: "rates", bands: known };
}

function no(reason: string): CardRates {
  return { kind: "not_expressible", reason };
}

/** In 10^-12 USD; `undefined` where the book has no price for it. */
function cost(
  book: PriceBook,
  { provider, model }: ModelName,
  tier: string,
  at: number,
  usage: Partial<Usage>,
): bigint | undefined {
  const priced = book.price({
    provider,
    requestModel: model,
    responseModel: undefined,
    startedAt: at,
    usage: { ...unknownUsage, ...usage },
    serviceTier: tier,
  });
  return priced.kind === "priced" ? priced.cost.total : undefined;
}

/** USD per million, with the 9 decimals that a rate has at most. */
function perMillion(pico: bigint, tokens: number): string {
  // 10^-12 USD × 10^6 ÷ tokens, in 10^-9 USD.
  const nano = (pico * 1000n + BigInt(tokens) / 2n) / BigInt(tokens);
  const digits = nano.toString().padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9).replace(/0+$/, "") || "0"}`;
}
