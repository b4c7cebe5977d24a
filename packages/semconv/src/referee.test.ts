import { describe, expect, test } from "vitest";
import { inclusive } from "./dialect.ts";
import { referee } from "./referee.ts";

const sent = { input: 700, output: 100, cached: 500, reasoning: 40 };
const exclusive = { ...inclusive, inputIncludesCache: false, outputIncludesReasoning: false };

/** The reading as words: what it takes to be in input and output. */
function read(total: number | undefined, meaning = inclusive, counts: Partial<typeof sent> = {}) {
  const { reading, contradicted } = referee({ ...sent, ...counts }, total, meaning);
  const input = reading.inputIncludesCache ? "cached in" : "cached apart";
  const output = reading.outputIncludesReasoning ? "reasoning in" : "reasoning apart";
  return `${input}, ${output}${contradicted ? ", contradicted" : ""}`;
}

describe("an emitter that is known to include both", () => {
  test.each([
    [undefined, "cached in, reasoning in"],
    [800, "cached in, reasoning in"],
    [1300, "cached apart, reasoning in"],
    [840, "cached in, reasoning apart"],
    [1340, "cached apart, reasoning apart"],
    [801, "cached in, reasoning in, contradicted"],
  ])("with a total of %s: %s", (total, words) => {
    expect(read(total)).toBe(words);
  });
});

describe("an emitter that is known to leave both out", () => {
  const ofProvider = { ...exclusive, total: "the provider's" } as const;

  test("is not contradicted by a total that is its own sum", () => {
    expect(read(800, exclusive)).toBe("cached apart, reasoning apart");
  });

  test.each([
    [1340, "cached apart, reasoning apart"],
    [800, "cached in, reasoning in"],
    [1300, "cached apart, reasoning in"],
    [840, "cached in, reasoning apart"],
    [1299, "cached apart, reasoning apart, contradicted"],
  ])("is judged by the provider's total of %s: %s", (total, words) => {
    expect(read(total, ofProvider)).toBe(words);
  });

  test("more cached than input can only be apart, whatever the total", () => {
    expect(read(800, ofProvider, { cached: 900 })).toBe(
      "cached apart, reasoning apart, contradicted",
    );
  });
});

test("a total that two readings explain decides nothing", () => {
  expect(read(850, inclusive, { cached: 50, reasoning: 50 })).toBe(
    "cached in, reasoning in, contradicted",
  );
});

test("a total that only one of two equal parts can explain decides", () => {
  expect(read(1250, inclusive, { input: 300, output: 550, cached: 400, reasoning: 400 })).toBe(
    "cached apart, reasoning in",
  );
});
