import { type Usage, unknownUsage } from "@spancost/semconv";
import { expect, test } from "vitest";
import { exactUsd } from "../format-money.ts";
import { createPriceBook, type PriceBook } from "../price-book.ts";
import type { CallToPrice } from "../priced.ts";
import { formatRate } from "../rates.ts";
import { parseContract } from "./parse-contract.ts";

const million = 1_000_000;
const noon = "2026-11-20T12:00:00Z";

/** A book with the contract of this text, and the contract's id. */
function bookOf(text: string): { book: PriceBook; id: string } {
  const { contract, problems } = parseContract(text);
  if (contract === undefined) throw new Error(JSON.stringify(problems));
  return { book: createPriceBook({ contract }), id: contract.contractId };
}

interface Call extends Partial<Omit<CallToPrice, "usage">> {
  readonly usage?: Partial<Record<keyof Usage, number>>;
}

/** "cost source priceId", with "contract" for the contract's id, or the reason why there is no price. */
function shown(
  text: string,
  { usage = { input: million, output: million }, ...call }: Call,
): string {
  const { book, id } = bookOf(text);
  const silent = { requestModel: undefined, responseModel: undefined, serviceTier: undefined };
  const answer = book.price({
    ...{ provider: undefined, ...silent, startedAt: new Date(noon), ...call },
    usage: { ...unknownUsage, ...usage } as Usage,
  });
  if (answer.kind === "unpriced") return answer.reason;
  const usd = exactUsd(answer.cost.total).replace(/\.?0+$/, "");
  return `${usd} ${answer.source.replace(id, "it")} ${answer.priceId}`;
}

const mini = { provider: "openai", responseModel: "gpt-5-mini-2025-08-07" };
const catalogue = "genai-prices@0.1.8";

// GPT-5 mini costs 0.25 in, 0.025 from the cache, 2.00 out.
test.each<[string, string, Call, string]>([
  [
    "no entry that fits leaves the price as it was",
    "prices: [{provider: anthropic, discount: 50%}]",
    mini,
    `2.25 ${catalogue} openai/gpt-5-mini`,
  ],
  [
    "a discount is taken off the catalogue, and says so",
    "prices: [{provider: openai, discount: 12%}]",
    mini,
    `1.98 contract@it+${catalogue} openai/gpt-5-mini`,
  ],
  [
    "a discount leaves a doubt about the catalogue's rate: it has none for Kimi's cache",
    "prices: [{provider: moonshotai, discount: 50%}]",
    {
      provider: "moonshotai",
      responseModel: "kimi-k2",
      usage: { input: million, cacheRead: million, output: 0 },
    },
    `0.285 contract@it+${catalogue} moonshotai/kimi-k2#cache_at_input_rate`,
  ],
  [
    "rates of its own leave nothing of the catalogue",
    "prices: [{provider: openai, model: gpt-5-mini, rates: {input: 0.2, output: 1.5}}]",
    mini,
    "1.7 contract@it openai/gpt-5-mini",
  ],
  [
    "a cell that the entry does not name keeps its price, and the source tells of both",
    "prices: [{provider: openai, model: gpt-5-mini, rates: {output: 1.5}}]",
    mini,
    `1.75 contract@it+${catalogue} openai/gpt-5-mini`,
  ],
  [
    "the source has only what the call used",
    "prices: [{provider: openai, model: gpt-5-mini, rates: {cache_read: 0.01}}]",
    mini,
    `2.25 ${catalogue} openai/gpt-5-mini`,
  ],
  [
    "the first entry decides, cell by cell",
    `prices:
      - {provider: openai, model: "*-mini", rates: {input: 1}}
      - {provider: openai, rates: {input: 5, output: 7}}`,
    mini,
    "8 contract@it openai/gpt-5-mini",
  ],
  [
    "a discount is off the first rate below it, and taken once",
    `prices:
      - {provider: openai, discount: {output: 10%}}
      - {provider: openai, discount: 50%}
      - {provider: openai, model: gpt-5-mini, rates: {output: 10}}`,
    mini,
    // 0.25 / 2 + 9
    `9.125 contract@it+${catalogue} openai/gpt-5-mini`,
  ],
  [
    "a discount of all of it is a price of 0",
    "prices: [{provider: openai, discount: 100%}]",
    mini,
    `0 contract@it+${catalogue} openai/gpt-5-mini`,
  ],
  [
    "a surcharge goes on top",
    "prices: [{provider: openai, region: eu-*, surcharge: 10%}]",
    { ...mini, region: "eu-west-1" },
    `2.475 contract@it+${catalogue} openai/gpt-5-mini`,
  ],
  [
    "a rate for a larger input holds for the whole call",
    "prices: [{model: m, rates: {input: {rate: 1, above: {1000: 2}}, output: 0}}]",
    { requestModel: "m", usage: { input: 1_001, output: 0 } },
    "0.002002 contract@it contract/m",
  ],
  [
    "a fee for each call and for each search of the web",
    "prices: [{model: m, rates: {input: 1, output: 1, request: 0.005, web_search: 0.01}}]",
    { requestModel: "m", usage: { input: million, output: 0, webSearches: 3 } },
    "1.035 contract@it contract/m",
  ],
])("%s", (_claim, text, call, expected) => {
  expect(shown(text, call)).toBe(expected);
});

const scoped = "provider: openai, model: gpt-5-mini";

test.each<[string, string, Call, boolean]>([
  ["the model's id in the catalogue", "model: gpt-5-mini", mini, true],
  ["the name as the span has it", "model: gpt-5-mini-2025-08-07", mini, true],
  ["a name in other letters", "model: GPT-5-Mini", mini, true],
  ["another model", "model: gpt-5", mini, false],
  ["one of a list", "model: [gpt-5, gpt-5-mini]", mini, true],
  [
    "the request's model where the response's is priced",
    "model: our-name",
    { ...mini, requestModel: "our-name" },
    false,
  ],
  ["another name of the provider", "provider: open-ai", mini, true],
  ["a pattern for the provider", "provider: open*", mini, true],
  [
    "the provider that was found by the model",
    "provider: openai",
    { responseModel: "gpt-5-mini" },
    true,
  ],
  [
    "whose API was copied",
    "provider: openai",
    { provider: "openai", responseModel: "claude-sonnet-4-5" },
    false,
  ],
  [
    "who answered through a copied API",
    "provider: anthropic",
    { provider: "openai", responseModel: "claude-sonnet-4-5" },
    true,
  ],
  ["the account", `${scoped}, account: acme-1`, { ...mini, account: "acme-1" }, true],
  ["another account", `${scoped}, account: acme-1`, { ...mini, account: "acme-2" }, false],
  ["an account that is not known", `${scoped}, account: "*"`, mini, false],
  ["the region", `${scoped}, region: [us-*, eu-*]`, { ...mini, region: "EU-West-1" }, true],
  ["from an instant on", "provider: openai, from: 2026-11-20T12:00:00Z", mini, true],
  ["from a later instant on", "provider: openai, from: 2026-11-20T12:00:01Z", mini, false],
  ["until an instant", "provider: openai, until: 2026-11-20T12:00:00Z", mini, false],
  ["until a day", "provider: openai, until: 2026-11-21", mini, true],
])("an entry for %s fits, or does not: %s", (_claim, scope, call, fits) => {
  const answer = shown(`prices: [{${scope}, discount: 50%}]`, call);
  expect(answer.includes("contract@it+")).toBe(fits);
});

// Rates of a tier, and discounts with and without one. Claude's batches cost half by the overlay; Opus 4.5 costs 5 in.
const opus = {
  provider: "anthropic",
  responseModel: "claude-opus-4-5",
  usage: { input: million, output: 0 },
};
const batch = { ...opus, serviceTier: "batch" };

test.each<[string, string, Call, string]>([
  [
    "a discount without a tier is off that tier's price",
    "discount: 10%",
    batch,
    `2.25 contract@it+${catalogue}+overlay`,
  ],
  [
    "a discount for a tier is off the standard price",
    "tier: batch, discount: 50%",
    batch,
    `2.5 contract@it+${catalogue}`,
  ],
  ["and concerns no other tier", "tier: batch, discount: 50%", opus, `5 ${catalogue}`],
  [
    "rates without a tier are the standard tier's",
    "rates: {input: 1}",
    batch,
    `2.5 ${catalogue}+overlay`,
  ],
  ["rates of a tier are that tier's", "tier: batch, rates: {input: 1}", batch, "1 contract@it"],
  ["and no other's", "tier: batch, rates: {input: 1}", opus, `5 ${catalogue}`],
  [
    "a tier by another of its names",
    "tier: default, rates: {input: 1}",
    { ...opus, serviceTier: "on_demand" },
    "1 contract@it",
  ],
  ["every tier, the standard one too", 'tier: "*", rates: {input: 1}', batch, "1 contract@it"],
  ["every tier: the standard one", 'tier: "*", rates: {input: 1}', opus, "1 contract@it"],
])("%s", (_claim, entry, call, expected) => {
  const answer = shown(`prices: [{provider: anthropic, ${entry}}]`, call);
  expect(answer).toBe(`${expected} anthropic/claude-opus-4-5`);
});

test("a tier that nobody publishes a price for gets one by a contract, and only what it says", () => {
  const priority = { ...opus, serviceTier: "priority" };
  expect(shown("", priority)).toBe("no_rate:service_tier=priority");
  const discount = "prices: [{provider: anthropic, discount: 10%}]";
  expect(shown(discount, priority)).toBe("no_rate:service_tier=priority");
  const surcharge = "prices: [{provider: anthropic, tier: priority, surcharge: 25%}]";
  expect(shown(surcharge, priority)).toBe(
    `6.25 contract@it+${catalogue} anthropic/claude-opus-4-5`,
  );
  const rates = "prices: [{provider: anthropic, tier: priority, rates: {input: 9, output: 9}}]";
  expect(shown(rates, priority)).toBe("9 contract@it anthropic/claude-opus-4-5");
  // The standard tier has a price for cached tokens; nothing says that of priority, nor that it is the input's.
  const cached = { input: 10, cacheRead: 5, output: 0 };
  expect(shown(rates, { ...priority, usage: cached })).toBe("no_rate:cache_read");
});

test.each<[string, string, Call, string]>([
  [
    "a model on the user's own machines",
    "prices: [{provider: vllm, model: qwen3-*, rates: {input: 0.1, output: 0.4}}]",
    { provider: "hosted_vllm", requestModel: "Qwen3-32B" },
    "0.5 contract@it contract/Qwen3-32B",
  ],
  [
    "a provider without prices in the catalogue",
    "prices: [{provider: databricks, rates: {input: 1, output: 2}}]",
    { provider: "databricks", responseModel: "dbrx" },
    "3 contract@it contract/dbrx",
  ],
  [
    "a provider of one's own",
    "own_providers: [Inference Gateway]\nprices: [{provider: inference_gateway, rates: {input: 1, output: 2}}]",
    { provider: "inference-gateway", responseModel: "m" },
    "3 contract@it contract/m",
  ],
  [
    "the request's model, where the response's is nobody's",
    "prices: [{model: our-model, rates: {input: 1, output: 2}}]",
    { responseModel: "deployment-7", requestModel: "our-model" },
    "3 contract@it contract/our-model#request_model",
  ],
  [
    "cached tokens at the input's rate, since none is said",
    "prices: [{model: m, rates: {input: 1, output: 2}}]",
    { requestModel: "m", usage: { input: million, cacheRead: million, output: 0 } },
    "1 contract@it contract/m",
  ],
  [
    "one-hour writes, whose rate has to be said",
    "prices: [{model: m, rates: {input: 1, output: 2}}]",
    { requestModel: "m", usage: { input: 10, cacheWrite: 10, cacheWrite1h: 10, output: 0 } },
    "no_rate:cache_write_1h",
  ],
  [
    "an entry of another time: the reason is the one there was without a contract",
    "prices: [{provider: vllm, from: 2027-01-01, rates: {input: 1, output: 2}}]",
    { provider: "vllm", requestModel: "m" },
    "self_hosted",
  ],
  [
    "a discount on what has no price",
    "prices: [{provider: vllm, discount: 10%}]",
    { provider: "vllm", requestModel: "m" },
    "self_hosted",
  ],
  [
    "a model that the catalogue lists without a price",
    "prices: [{provider: cerebras, model: qwen-3-coder-480b, rates: {input: 2, output: 2}}]",
    { provider: "cerebras", requestModel: "qwen-3-coder-480b" },
    "4 contract@it cerebras/qwen-3-coder-480b",
  ],
  [
    "no model named",
    "prices: [{provider: vllm, rates: {input: 1}}]",
    { provider: "vllm" },
    "no_model",
  ],
])("%s", (_claim, text, call, expected) => {
  expect(shown(text, call)).toBe(expected);
});

// USD 2.50 × 2 GPUs an hour, 8 calls at once: 4.6 s cost 5 × 4.6 / 3,600 / 8.
const machine =
  "prices: [{provider: vllm, model: qwen3-*, gpu_hour: {usd: 2.50, gpus: 2, calls_at_once: 8}}]";
const qwen = { provider: "vllm", requestModel: "qwen3-32b", durationMicros: 4_600_000 };

test.each<[string, string, Call, string]>([
  ["its share of the time", machine, qwen, "0.000798611111 contract@it contract/qwen3-32b"],
  [
    "the same with tokens unknown",
    machine,
    { ...qwen, usage: {} },
    "0.000798611111 contract@it contract/qwen3-32b",
  ],
  [
    "the same in any tier",
    machine,
    { ...qwen, serviceTier: "flex" },
    "0.000798611111 contract@it contract/qwen3-32b",
  ],
  [
    "nothing that is known without its duration",
    machine,
    { ...qwen, durationMicros: undefined },
    "no_duration",
  ],
  [
    "what an entry above says of its tokens as well",
    `prices:
    - {provider: vllm, model: qwen3-*, rates: {output: 1}}
    - {provider: vllm, gpu_hour: {usd: 3600}}`,
    { ...qwen, usage: { input: 5, output: million }, durationMicros: million },
    "2 contract@it contract/qwen3-32b",
  ],
])("a call on a GPU costs %s", (_claim, text, call, expected) => {
  expect(shown(text, call)).toBe(expected);
});

test("with a price by time, a call of something else still needs its usage", () => {
  expect(shown(machine, { ...mini, usage: {} })).toBe("no_usage");
  expect(shown(machine, { provider: "vllm", requestModel: "other", usage: {} })).toBe("no_usage");
});

test("a fee for a call alone needs no count of tokens that cost nothing", () => {
  const text = "prices: [{model: rerank-*, rates: {input: 0, output: 0, request: 0.002}}]";
  expect(shown(text, { requestModel: "rerank-own", usage: {} })).toBe(
    "0.002 contract@it contract/rerank-own",
  );
});

const profile = "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc123";

test.each<[string, string, Call, string]>([
  [
    "an Azure deployment",
    "aliases: [{provider: azure, model: our-gpt-prod, is: gpt-5-mini}]",
    { provider: "azure.ai.openai", requestModel: "our-gpt-prod" },
    `2.25 contract@it+${catalogue} azure/gpt-5-mini`,
  ],
  [
    "the same at the prices of another provider",
    "aliases: [{provider: azure, model: our-gpt-*, is: gpt-5-mini, at: openai}]",
    { provider: "azure.ai.openai", requestModel: "our-gpt-prod" },
    `2.25 contract@it+${catalogue} openai/gpt-5-mini`,
  ],
  [
    "an application's inference profile, whose geography costs 10 % more",
    `aliases: [{model: "*:application-inference-profile/abc123", is: us.anthropic.claude-sonnet-4-5-20250929-v1:0}]`,
    { provider: "aws.bedrock", requestModel: profile },
    // A million tokens of input are a long context: 6.60 and 24.75.
    `31.35 contract@it+${catalogue}+overlay aws/regional.anthropic.claude-sonnet-4-5-20250929-v1:0`,
  ],
  [
    "another provider's deployment of that name, which is no such thing",
    "aliases: [{provider: azure, model: our-gpt-prod, is: gpt-5-mini}]",
    { provider: "groq", requestModel: "our-gpt-prod" },
    "unknown_model",
  ],
  [
    "a name that the catalogue would take for another model",
    "aliases: [{provider: azure, model: gpt-4o, is: gpt-5-mini}]",
    { provider: "azure", requestModel: "gpt-4o" },
    `2.25 contract@it+${catalogue} azure/gpt-5-mini`,
  ],
  [
    "what the response names, which is known: no alias is needed",
    "aliases: [{provider: azure, model: our-gpt-prod, is: gpt-5}]",
    { provider: "azure", requestModel: "our-gpt-prod", responseModel: "gpt-5-mini" },
    `2.25 ${catalogue} azure/gpt-5-mini`,
  ],
  [
    "a name for a model that only the contract has a price for",
    `prices: [{model: llama-own, rates: {input: 1, output: 2}}]
aliases: [{model: chat-fast, is: llama-own}]`,
    { provider: "vllm", requestModel: "chat-fast" },
    "3 contract@it contract/chat-fast",
  ],
  [
    "a discount of the provider that the call states, and of the model that is meant",
    `prices: [{provider: azure, model: gpt-5-mini, discount: 10%}]
aliases: [{provider: azure, model: our-gpt-prod, is: gpt-5-mini, at: openai}]`,
    { provider: "azure", requestModel: "our-gpt-prod" },
    `2.025 contract@it+${catalogue} openai/gpt-5-mini`,
  ],
])("an alias: %s", (_claim, text, call, expected) => {
  expect(shown(text, call)).toBe(expected);
});

test("a card tells of each rate which entry it is from, and when it holds", () => {
  const { book, id } = bookOf(`prices:
  - {name: Launch offer, provider: openai, from: 2026-09-15T09:30:00Z, until: 2026-12-01, discount: {input: 20%}}
  - {name: Agreement, provider: openai, rates: {output: 15}, from: 2026-07-01}
`);
  const card = book.card({ provider: "openai", model: "gpt-5.6-sol", at: new Date(noon) });
  if (card.kind !== "card") throw new Error(card.reason);
  const { input, output, cache_read } = card.cells;
  expect(formatRate(input?.rate.base ?? (0n as never))).toBe("3.2");
  expect(input).toMatchObject({
    source: `contract@${id}+${catalogue}`,
    note: "Launch offer: 20 % off",
    // The catalogue's own price is from 2026-08-21: the offer came later.
    effective: { from: "2026-09-15T09:30:00.000Z", until: "2026-12-01", hours: undefined },
  });
  expect(output).toMatchObject({
    source: `contract@${id}`,
    note: "Agreement",
    effective: { from: "2026-07-01", until: undefined },
  });
  expect(cache_read).toMatchObject({
    source: catalogue,
    note: undefined,
    effective: { from: "2026-08-21", until: undefined },
  });
});

test("a card before a discount ends where the discount begins", () => {
  const { book } = bookOf("prices: [{provider: openai, from: 2026-12-01, discount: 20%}]");
  const card = book.card({ provider: "openai", model: "gpt-5-mini", at: new Date(noon) });
  expect(card).toMatchObject({
    source: catalogue,
    cells: { input: { source: catalogue, effective: { from: undefined, until: "2026-12-01" } } },
  });
});

test("a card may be asked for an account, a region and a tier", () => {
  const { book } = bookOf("prices: [{provider: openai, account: a, region: r, discount: 50%}]");
  const query = { provider: "openai", model: "gpt-5-mini", at: new Date(noon) };
  const rateOf = (more: object) => {
    const card = book.card({ ...query, ...more });
    return card.kind === "card" ? card.cells.input?.rate.base : card.reason;
  };
  expect(rateOf({})).toBe(250_000_000n);
  expect(rateOf({ account: "a", region: "r" })).toBe(125_000_000n);
  expect(rateOf({ account: "a", region: "r", tier: "flex" })).toBe(62_500_000n);
  expect(rateOf({ tier: "nobody's" })).toBe("no_rate:service_tier=other");
});

test("a machine's hour is on the card, with its entry", () => {
  const { book } = bookOf(machine);
  expect(book.card({ provider: "vllm", model: "qwen3-32b", at: 0 })).toMatchObject({
    priceId: "contract/qwen3-32b",
    gpuHour: { picoUsd: 5_000_000_000_000n, microCalls: 8_000_000n, note: "line 1" },
    cells: { input: { rate: { base: 0n } }, web_search: undefined },
  });
});

test("a discount on long-context rates keeps the size that they begin at, and a share is rounded to what a rate holds", () => {
  const { book } = bookOf("prices: [{provider: anthropic, discount: 33.3333333%}]");
  const card = book.card({ provider: "anthropic", model: "claude-sonnet-4-5", at: new Date(noon) });
  expect(card).toMatchObject({
    cells: {
      // 3 × 0.666666667 and 6 × 0.666666667
      input: { rate: { base: 2_000_000_001n, tiers: [{ above: 200_000, rate: 4_000_000_002n }] } },
    },
  });
});

test.each([
  [200_000, `contract@it+${catalogue}`],
  [200_001, `contract@it+${catalogue}+overlay`],
])(
  "a discount on Bedrock's Claude with %i tokens of input has the source %s, as its rates have",
  (input, source) => {
    const model = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
    const discount = "prices: [{provider: aws, discount: 10%}]";
    const call = { provider: "aws.bedrock", requestModel: model, usage: { input, output: 1 } };
    const answer = shown(discount, call);
    expect(answer.split(" ")[1]).toBe(source);
    const { book, id } = bookOf(discount);
    const card = book.card({ provider: "aws", model, at: new Date(noon) });
    const cell = card.kind === "card" ? card.cells.input : undefined;
    expect(cell?.source).toBe(`contract@${id}+${catalogue}+overlay`);
    expect(cell?.rate.tiers).toHaveLength(1);
  },
);

test("a stretch that begins at an instant has it within, and one that ends there has not", () => {
  const { book } = bookOf(
    "prices: [{provider: openai, from: 2026-11-15, until: 2026-11-20, discount: 5%}]",
  );
  const stretchAt = (time: string) => {
    const card = book.card({ provider: "openai", model: "gpt-5-mini", at: new Date(time) });
    if (card.kind !== "card") throw new Error(card.reason);
    return [card.cells.input?.effective.from, card.cells.input?.effective.until];
  };
  expect(stretchAt("2026-11-14T23:59:59.999Z")).toEqual([undefined, "2026-11-15"]);
  expect(stretchAt("2026-11-15T00:00:00Z")).toEqual(["2026-11-15", "2026-11-20"]);
  expect(stretchAt("2026-11-20T00:00:00Z")).toEqual(["2026-11-20", undefined]);
});

test("one book keeps accounts, regions and tiers apart, however many come", () => {
  const { book } = bookOf(`prices:
  - {provider: openai, account: "1*", discount: 10%}
  - {provider: openai, region: eu-*, discount: 20%}
  - {provider: openai, tier: batch, discount: 30%}
`);
  const inputOf = (account: string, region: string, serviceTier: string | undefined) => {
    const usage = { ...unknownUsage, input: million, output: 0 } as Usage;
    const answer = book.price({
      ...{ provider: "openai", requestModel: "gpt-5-mini", responseModel: undefined },
      ...{ startedAt: new Date(noon), usage, account, region, serviceTier },
    });
    return answer.kind === "priced" ? Number(answer.cost.total) / 1e12 : answer.reason;
  };
  for (let i = 0; i < 3_000; i += 1) {
    expect(inputOf(`1${i}`, "eu-1", undefined)).toBe(0.225);
    expect(inputOf(`2${i}`, `eu-${i}`, undefined)).toBe(0.2);
    expect(inputOf(`2${i}`, `us-${i}`, undefined)).toBe(0.25);
    expect(inputOf(`2${i}`, `us-${i}`, "batch")).toBe(0.175);
  }
});
