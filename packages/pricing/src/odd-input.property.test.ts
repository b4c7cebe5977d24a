import type { Usage } from "@spancost/semconv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { modelsOf } from "./candidates.ts";
import { parseContract } from "./contract/parse-contract.ts";
import { createPriceBook } from "./price-book.ts";
import type { CallToPrice, ToolUse } from "./priced.ts";
import { catalogueProviderIds } from "./providers.ts";

const book = createPriceBook();

/** With every kind of entry, some of which fit nearly everything. */
const { contract } = parseContract(`prices:
  - {account: "*", region: eu-*, discount: 10%}
  - {provider: openai, from: 2020-01-01, until: 2030-01-01, surcharge: 5%}
  - {provider: anthropic, tier: "*", rates: {output: 3}}
  - {model: "*gpt-5*", rates: {input: {rate: 1, above: {1000: 2}}, request: 0.01}}
  - {provider: vllm, gpu_hour: {usd: 2, calls_at_once: 3}}
tools:
  - {tool: "*", usd: 0.01}
aliases:
  - {model: "claude-*:*", is: claude-opus-5}
`);
const ownBook = createPriceBook({ contract });

const everyModel = catalogueProviderIds.flatMap((provider) =>
  modelsOf(provider).map(({ id }) => ({ provider, name: id })),
);

/** Anything where a count belongs, often a count. */
const counts = fc.oneof(
  fc.nat(),
  fc.constant(undefined),
  fc.maxSafeNat(),
  fc.double(),
  fc.constantFrom(null, "5", 5n, {}, Number.NaN, -1) as fc.Arbitrary<unknown>,
);

const anyUsage = fc.record({
  input: counts,
  cacheRead: counts,
  cacheWrite: counts,
  cacheWrite1h: counts,
  output: counts,
  reasoning: counts,
  inputAudio: counts,
  inputImage: counts,
  cacheReadAudio: counts,
  outputAudio: counts,
  outputImage: counts,
  webSearches: counts,
});

/** Names of nobody, names of the catalogue, and pieces of names put together at random. */
const pieces = [
  "openai",
  "/",
  ":",
  ".",
  "@",
  "arn:aws:bedrock:",
  "publishers/",
  "models/",
  "claude-",
  "gpt-5",
  "-20250929",
  "gemini",
  ":free",
  "\n",
  "#",
];
const names = fc.oneof(
  fc.constant(undefined),
  fc.string({ unit: "binary" }),
  fc.constantFrom(...everyModel.map(({ name }) => name)),
  fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join("")),
  fc.anything(),
);

const anyCall = fc.record({
  provider: fc.oneof(names, fc.constantFrom(...catalogueProviderIds)),
  requestModel: names,
  responseModel: names,
  startedAt: fc.oneof(
    fc.double(),
    fc.date({ noInvalidDate: false }),
    fc.nat({ max: 2 ** 41 }),
    fc.anything(),
  ),
  usage: fc.oneof(anyUsage, fc.anything()),
  serviceTier: fc.oneof(names, fc.constantFrom("default", "flex", "batch", "priority")),
  account: fc.oneof(names, fc.constant("acme")),
  region: fc.oneof(names, fc.constant("eu-west-1")),
  durationMicros: fc.oneof(counts, fc.anything()),
}) as fc.Arbitrary<unknown> as fc.Arbitrary<CallToPrice>;

/** A call of a model that there is, at some time, with counts that fit together. */
const sensibleCall: fc.Arbitrary<CallToPrice> = fc
  .tuple(fc.constantFrom(...everyModel), fc.nat(300_000), fc.nat(100_000), fc.nat({ max: 2 ** 41 }))
  .map(([{ provider, name }, cacheRead, others, startedAt]) => {
    const usage = { input: cacheRead + others, cacheRead, output: others, reasoning: 0 };
    return {
      ...{ provider, requestModel: name, responseModel: undefined, serviceTier: undefined },
      ...{ startedAt, usage: usage as Usage },
    };
  });

test("whatever a call says, pricing answers: a cost that is the exact sum of its parts, or a reason", () => {
  const seen = { priced: 0, unpriced: 0 };
  fc.assert(
    fc.property(fc.oneof(anyCall, sensibleCall), fc.boolean(), (call, own) => {
      const answer = (own ? ownBook : book).price(call);
      seen[answer.kind] += 1;
      if (answer.kind === "unpriced")
        return /^[a-z][a-z0-9_]*(:[a-z0-9_]+(=[a-z0-9_.]+)?)?$/.test(answer.reason);
      const { input, cacheRead, cacheWrite, output, other, total } = answer.cost;
      const sum = [input, cacheRead, cacheWrite, output, other].reduce(
        (all: bigint, part) => all + (part ?? 0n),
        0n,
      );
      return sum === total && total >= 0n && total <= 999_999_999_999_999_999n;
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(seen.priced, seen.unpriced)).toBeGreaterThan(1_000);
});

test("whatever a use of a tool says, it has a cost that a record holds, or none", () => {
  const uses = fc.record({
    tool: names,
    operation: names,
    provider: names,
    units: fc.oneof(counts, fc.anything()),
    startedAt: fc.oneof(fc.nat({ max: 2 ** 41 }), fc.double(), fc.anything()),
    account: names,
    region: names,
  }) as fc.Arbitrary<unknown> as fc.Arbitrary<ToolUse>;
  let priced = 0;
  fc.assert(
    fc.property(uses, (use) => {
      const total = ownBook.priceTool(use)?.cost.total;
      if (total !== undefined) priced += 1;
      return total === undefined || (total >= 0n && total <= 999_999_999_999_999_999n);
    }),
    { numRuns: 1_000 },
  );
  expect(priced).toBeGreaterThan(20);
});

test("a card query and a search answer to any name", () => {
  fc.assert(
    fc.property(names, names, fc.oneof(fc.double(), fc.anything()), (provider, model, time) => {
      const query = { provider, model, at: time } as Parameters<typeof book.card>[0];
      expect(["card", "unpriced"]).toContain(book.card(query).kind);
      if (typeof model === "string") expect(book.candidates(model).length).toBeLessThanOrEqual(20);
    }),
    { numRuns: 200 },
  );
});
