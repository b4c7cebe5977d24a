import { createPriceBook } from "@spancost/pricing";
import { parseContract } from "@spancost/pricing/contract";
import { expect, test } from "vitest";
import { stretchesOf } from "./stretches.ts";

const name = { provider: "openai", model: "gpt-5-mini" };
const day = (text: string) => Date.parse(text);

function bookOf(contract: string) {
  const parsed = parseContract(contract);
  if (parsed.contract === undefined) throw new Error(JSON.stringify(parsed.problems));
  return createPriceBook({ contract: parsed.contract });
}

function standardOf(book: ReturnType<typeof createPriceBook>, since: string) {
  const stretches = stretchesOf(book, name, day(since));
  if ("reason" in stretches) throw new Error(stretches.reason);
  return stretches.filter(({ tier }) => tier === "standard");
}

test("a model of the catalogue has one stretch, with the rates of its card", () => {
  expect(standardOf(createPriceBook(), "2026-11-01")).toEqual([
    {
      from: undefined,
      until: undefined,
      tier: "standard",
      priceId: "openai/gpt-5-mini",
      prices: {
        kind: "rates",
        bands: [
          {
            above: 0,
            upTo: undefined,
            perCall: "0",
            rates: {
              input: "0.25",
              cache_read: "0.025",
              cache_write: "0.25",
              cache_write_1h: undefined,
              output: "2.0",
              reasoning: "2.0",
            },
          },
        ],
      },
    },
  ]);
});

test("a contract's dates cut the time, and its discount the rates", () => {
  const book = bookOf(
    "prices:\n  - model: gpt-5-mini\n    discount: 10%\n    from: 2026-12-01\n    until: 2027-01-01\n",
  );
  const found = standardOf(book, "2026-11-15").map(({ from, until, prices }) => [
    from,
    until,
    prices.kind === "rates" ? prices.bands[0]?.rates.input : prices.reason,
  ]);
  expect(found).toEqual([
    [undefined, day("2026-12-01"), "0.25"],
    [day("2026-12-01"), day("2027-01-01"), "0.225"],
    [day("2027-01-01"), undefined, "0.25"],
  ]);
});

test("what nobody sells has a reason instead", () => {
  const unknown = { provider: "openai", model: "no-such-model" };
  expect(stretchesOf(createPriceBook(), unknown, 0)).toEqual({ reason: "unknown_model" });
});

test("a model with long prompts has a band for each size", () => {
  const claude = { provider: "anthropic", model: "claude-sonnet-4-5" };
  const stretches = stretchesOf(createPriceBook(), claude, day("2026-11-01"));
  if ("reason" in stretches) throw new Error(stretches.reason);
  const [first] = stretches;
  if (first?.prices.kind !== "rates") throw new Error("no rates");
  expect(first.prices.bands.map(({ above, upTo, rates }) => [above, upTo, rates.input])).toEqual([
    [0, 200_000, "3.0"],
    [200_000, undefined, "6.0"],
  ]);
});

test.each(["2026-11-21T10:00Z", "2026-11-21T20:00Z"])(
  "a price that depends on the hour is none that statements can say, at %s",
  (at) => {
    const deepseek = { provider: "deepseek", model: "deepseek-chat" };
    const stretches = stretchesOf(createPriceBook(), deepseek, day(at));
    if ("reason" in stretches) throw new Error(stretches.reason);
    expect(stretches.map(({ prices }) => prices.kind)).toEqual(["not_expressible"]);
  },
);
