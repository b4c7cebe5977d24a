import type { Usage } from "@spancost/semconv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { modelsOf } from "./candidates.ts";
import { type CallToPrice, createPriceBook } from "./price-book.ts";
import { catalogueProviderIds } from "./providers.ts";

const book = createPriceBook();

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
  serviceTier: fc.oneof(names, fc.constant("default")),
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
    fc.property(fc.oneof(anyCall, sensibleCall), (call) => {
      const answer = book.price(call);
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
