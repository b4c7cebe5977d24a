import { calcPrice } from "@pydantic/genai-prices";
import { type Usage, unknownUsage } from "@spancost/semconv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createPriceBook } from "../price-book.ts";
import { parseContract } from "./parse-contract.ts";

/** The cells that the random contracts and calls are about. */
const cells = ["input", "cache_read", "cache_write", "output"] as const;

type CellName = (typeof cells)[number];

/** Of the catalogue with and without long context, and of nobody. Batches cost half at the first two makers. */
const models = [
  { provider: "openai", name: "gpt-5.1" },
  { provider: "anthropic", name: "claude-opus-4-5" },
  { provider: "anthropic", name: "claude-sonnet-4-5" },
  { provider: "vllm", name: "own-model" },
] as const;

const days = ["2026-11-01", "2026-11-10", "2026-11-20"];

/** An entry as it is written, with its scope and terms apart so that they can be judged without reading the text. */
interface Entry {
  readonly provider: string | undefined;
  readonly model: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly tier: string | undefined;
  readonly from: string | undefined;
  readonly until: string | undefined;
  readonly kind: "rates" | "discount" | "surcharge";
  /** USD with up to 6 decimals, or per cent with up to 2. */
  readonly values: Readonly<Partial<Record<CellName, string>>>;
}

/** Mostly nothing, so that entries fit calls. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const decimal = (whole: number, digits: number) =>
  fc
    .tuple(fc.nat(whole), fc.nat(10 ** digits - 1))
    .map(([a, b]) => `${a}.${String(b).padStart(digits, "0")}`);

const entries: fc.Arbitrary<Entry> = fc
  .record({
    provider: maybe(fc.constantFrom("openai", "anthropic", "vllm")),
    model: maybe(fc.constantFrom("gpt-5.1", "claude-opus-4-5", "claude-sonnet-4-5", "own-model")),
    account: maybe(fc.constantFrom("a", "b")),
    region: maybe(fc.constantFrom("eu", "us")),
    tier: maybe(fc.constantFrom("standard", "batch", "flex")),
    from: maybe(fc.constantFrom("2026-11-01", "2026-11-10")),
    until: maybe(fc.constantFrom("2026-11-15", "2026-11-20")),
    kind: fc.constantFrom("rates" as const, "discount" as const, "surcharge" as const),
    cells: fc.subarray([...cells], { minLength: 1 }),
    usd: fc.array(decimal(30, 6), { minLength: 4, maxLength: 4 }),
    percent: fc.array(decimal(99, 2), { minLength: 4, maxLength: 4 }),
  })
  .map(({ cells: named, usd, percent, ...entry }) => ({
    ...entry,
    // Rates without a model and a provider are not allowed.
    provider: entry.kind === "rates" && entry.model === undefined ? "vllm" : entry.provider,
    values: Object.fromEntries(
      named.map((cell, i) => [cell, (entry.kind === "rates" ? usd : percent)[i] ?? "0"]),
    ),
  }));

function written({ kind, values, ...scope }: Entry): string {
  const fields = Object.entries(scope)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${value}`);
  const amounts = Object.entries(values).map(([cell, value]) =>
    kind === "rates" ? `${cell}: ${value}` : `${cell}: ${value}%`,
  );
  return `  - {${[...fields, `${kind}: {${amounts.join(", ")}}`].join(", ")}}\n`;
}

const calls = fc.record({
  model: fc.constantFrom(...models),
  account: maybe(fc.constantFrom("a", "b", "c")),
  region: maybe(fc.constantFrom("eu", "us")),
  tier: fc.constantFrom("standard", "batch", "flex"),
  day: fc.constantFrom(...days),
  counts: fc.tuple(fc.nat(300_000), fc.nat(50_000), fc.nat(50_000), fc.nat(50_000)),
});

type Call = typeof calls extends fc.Arbitrary<infer T> ? T : never;

/** A rate in 10^-9 USD, of a call with that much input; `undefined` where nobody has one. */
type Rate = bigint | undefined;

const nano = (usd: string) => BigInt(usd.replace(".", "").padEnd(usd.indexOf(".") + 9, "0"));

/** `rate` times a fraction, to the nearest; of two equally near, to the even one. */
function times(rate: bigint, of: bigint, parts: bigint): bigint {
  const doubled = 2n * rate * of;
  const below = doubled / (2n * parts);
  const rest = doubled - below * 2n * parts;
  if (rest === parts) return below % 2n === 0n ? below : below + 1n;
  return rest > parts ? below + 1n : below;
}

function listed({ model, day }: Call, cell: CellName, input: number): Rate {
  const answer = calcPrice({}, model.name, {
    providerId: model.provider,
    timestamp: new Date(`${day}T12:00:00Z`),
  });
  const price = answer?.model_price[`${cell}_mtok`];
  if (price === undefined) return undefined;
  const usd =
    typeof price === "number"
      ? price
      : price.tiers.reduce((found, tier) => (input > tier.start ? tier.price : found), price.base);
  return nano(usd.toFixed(9));
}

function listedIn(tier: string, call: Call, cell: CellName, input: number): Rate {
  const standard = listed(call, cell, input);
  if (tier === "standard" || standard === undefined) return standard;
  const halved = tier === "batch" || call.model.provider === "openai";
  return halved ? times(standard, 1n, 2n) : undefined;
}

function holds(entry: Entry, call: Call): boolean {
  return (
    (entry.provider ?? call.model.provider) === call.model.provider &&
    (entry.model ?? call.model.name) === call.model.name &&
    (entry.account === undefined || entry.account === call.account) &&
    (entry.region === undefined || entry.region === call.region) &&
    (entry.from === undefined || call.day >= entry.from) &&
    (entry.until === undefined || call.day < entry.until)
  );
}

/** The rate that an entry states itself in a tier. */
function stated(entry: Entry, cell: CellName, tier: string): Rate {
  const value = entry.values[cell];
  if (entry.kind !== "rates" || value === undefined) return undefined;
  return (entry.tier ?? "standard") === tier ? nano(value) : undefined;
}

/** The rate of a cell by the rules, from the first entry to the last and then the layers below. */
function rateBy(contract: readonly Entry[], call: Call, cell: CellName, input: number): Rate {
  const [first, ...others] = contract;
  if (first === undefined) return listedIn(call.tier, call, cell, input);
  const further = () => rateBy(others, call, cell, input);
  if (!holds(first, call)) return further();
  const own = stated(first, cell, call.tier);
  if (own !== undefined) return own;
  const percent = first.values[cell];
  if (first.kind === "rates" || percent === undefined) return further();
  if (first.tier !== undefined && first.tier !== call.tier) return further();
  const tier = first.tier === undefined ? call.tier : "standard";
  const below = others.filter((each) => holds(each, call));
  const absolute = below.map((each) => stated(each, cell, tier)).find((each) => each !== undefined);
  const base = absolute ?? listedIn(tier, call, cell, input);
  if (base === undefined) return further();
  const share = nano(percent);
  const hundred = 100_000_000_000n;
  return times(base, first.kind === "discount" ? hundred - share : hundred + share, hundred);
}

/** Parts in 10^-12 USD, or the cells that have no rate. */
function expectedParts(contract: readonly Entry[], call: Call): (bigint | CellName)[] {
  const [fresh, read, write, output] = call.counts;
  const input = fresh + read + write;
  const rate = (cell: CellName) => rateBy(contract, call, cell, input);
  // Who has no cache rate charges the input's, unless the standard tier has one that this tier's does not say.
  const cached = (cell: CellName) =>
    rate(cell) ?? (listed(call, cell, input) === undefined ? rate("input") : undefined);
  const lines: [CellName, number, Rate][] = [
    ["input", fresh, rate("input")],
    ["cache_read", read, cached("cache_read")],
    ["cache_write", write, cached("cache_write")],
    ["output", output, rate("output")],
  ];
  return lines.map(([cell, tokens, each]) => {
    if (tokens === 0) return 0n;
    return each === undefined ? cell : times(BigInt(tokens) * each, 1n, 1000n);
  });
}

const book = new Map<string, ReturnType<typeof createPriceBook>>();

/** Books are used for several calls, as they are in life. */
function bookOf(contract: readonly Entry[]) {
  const text = contract.length === 0 ? "" : `prices:\n${contract.map(written).join("")}`;
  const known = book.get(text);
  if (known !== undefined) return known;
  const parsed = parseContract(text);
  if (parsed.contract === undefined) throw new Error(`${text}${JSON.stringify(parsed.problems)}`);
  const made = createPriceBook({ contract: parsed.contract });
  book.set(text, made);
  return made;
}

test("whatever a contract says, each part costs what its rules say, worked out in another way", () => {
  const seen = { priced: 0, byContract: 0, unpriced: 0 };
  fc.assert(
    fc.property(
      fc.array(entries, { maxLength: 6 }),
      fc.array(calls, { minLength: 1, maxLength: 12 }),
      (contract, several) => {
        for (const call of several) {
          const [fresh, cacheRead, cacheWrite, output] = call.counts;
          const usage = { input: fresh + cacheRead + cacheWrite, cacheRead, cacheWrite, output };
          const answer = bookOf(contract).price({
            provider: call.model.provider,
            requestModel: call.model.name,
            responseModel: undefined,
            startedAt: new Date(`${call.day}T12:00:00Z`),
            serviceTier: call.tier,
            account: call.account,
            region: call.region,
            usage: { ...unknownUsage, ...usage } as Usage,
          });
          const expected = expectedParts(contract, call);
          const lacks = expected.some((part) => typeof part === "string");
          if (answer.kind === "unpriced") {
            seen.unpriced += 1;
            // Without any rate of a tier, and without any tokens, the reason is another than a missing cell.
            const isNothing = usage.input === 0 && output === 0;
            expect([lacks || isNothing, answer.reason]).toEqual([true, answer.reason]);
            continue;
          }
          seen.priced += 1;
          if (answer.source.startsWith("contract@")) seen.byContract += 1;
          const { cost } = answer;
          const parts = [cost.input, cost.cacheRead, cost.cacheWrite, cost.output];
          expect(parts.map((part) => part ?? 0n)).toEqual(expected);
          expect(parts.reduce((sum: bigint, part) => sum + (part ?? 0n), 0n)).toBe(cost.total);
        }
      },
    ),
    { numRuns: 2_000 },
  );
  expect(seen.byContract).toBeGreaterThan(3_000);
  expect(seen.unpriced).toBeGreaterThan(1_000);
}, 60_000);
