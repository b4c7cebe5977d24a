import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { formatRate } from "../rates.ts";
import type { Contract, Terms } from "./contract.ts";
import { parseContract } from "./parse-contract.ts";

function contract(text: string): Contract {
  const { contract: found, problems } = parseContract(text);
  if (found === undefined) throw new Error(JSON.stringify(problems));
  return found;
}

/** "line:column: message" of everything that is wrong. */
function problemsOf(text: string): string[] {
  return parseContract(text).problems.map(
    ({ line, column, message }) => `${line}:${column}: ${message}`,
  );
}

/** The terms of the only price, written under "- ". */
function terms(entry: string): Terms {
  const [price] = contract(`prices:\n  - model: m\n    ${entry}\n`).prices;
  if (price === undefined) throw new Error("no price");
  return price.terms;
}

/** What is wrong with the only price. */
function wrong(entry: string): string[] {
  return problemsOf(`prices:\n  - model: m\n    ${entry}\n`);
}

const whole = `
name: Acme 2026
own_providers: [inference-gateway]
prices:
  - name: Agreement
    provider: Anthropic
    model: Claude-Sonnet-*
    from: 2026-11-15
    until: 2026-12-31T18:00:00+01:00
    discount: 12.5%
  - provider: [vllm, inference_gateway]
    model: [llama-3.3-70b, qwen3-*]
    account: 012345678901
    region: eu-*
    tier: [batch, default]
    rates: {input: 0.10, cache_read: .01, output: 4e-1}
tools:
  - tool: web_search
    usd: 0.01
aliases:
  - {provider: azure, model: our-gpt-prod, is: gpt-5-mini, at: openai}
`;

test("a whole contract is read as it is written", () => {
  const found = contract(whole);
  const nobody = { provider: undefined, account: undefined, region: undefined };
  expect(found).toMatchObject({
    contractId: createHash("sha256").update(whole).digest("hex").slice(0, 12),
    name: "Acme 2026",
    prices: [
      {
        name: "Agreement",
        provider: ["anthropic"],
        model: ["claude-sonnet-*"],
        account: undefined,
        tier: undefined,
        from: Date.UTC(2026, 10, 15),
        until: Date.UTC(2026, 11, 31, 17),
        terms: { kind: "share", cells: { input: { of: 875_000_000n, in: 1_000_000_000n } } },
      },
      {
        name: "line 11",
        provider: ["vllm", "inference-gateway"],
        model: ["llama-3.3-70b", "qwen3-*"],
        account: ["012345678901"],
        region: ["eu-*"],
        tier: ["batch", "standard"],
        from: undefined,
        terms: {
          kind: "rates",
          cells: {
            input: { base: 100_000_000n, tiers: [] },
            cache_read: { base: 10_000_000n, tiers: [] },
            output: { base: 400_000_000n, tiers: [] },
          },
        },
      },
    ],
    tools: [{ name: "line 18", tool: ["web_search"], ...nobody, picoUsd: 10_000_000_000n }],
    aliases: [{ provider: ["azure"], model: ["our-gpt-prod"], is: "gpt-5-mini", at: "openai" }],
  });
});

test.each(["", "# nothing yet\n", "prices:\n", "prices: []\ntools: []\n"])(
  "%j is an empty contract",
  (text) => {
    expect(contract(text)).toMatchObject({ prices: [], tools: [], aliases: [] });
  },
);

test("a discount without cells is one on every cell, also on those that are no tokens", () => {
  const { kind, cells } = terms("discount: 10 %") as Extract<Terms, { kind: "share" }>;
  expect(kind).toBe("share");
  expect(Object.keys(cells)).toHaveLength(13);
  expect(cells.web_search).toMatchObject({ of: 900_000_000n, text: "10 % off" });
});

test("a discount may be another for each cell, and a surcharge goes on top", () => {
  expect(terms("discount: {input: 10%, output: 15%}")).toMatchObject({
    cells: { input: { of: 900_000_000n }, output: { of: 850_000_000n } },
  });
  expect(terms("surcharge: 10%")).toMatchObject({
    cells: { input: { of: 1_100_000_000n, text: "10 % on top" } },
  });
});

test("amounts keep every digit that is written, and what is priced by the piece is meant by the piece", () => {
  const text = "rates: {input: 0.123456789, request: 0.000000000000001, web_search: 0.01}";
  const { cells } = terms(text) as Extract<Terms, { kind: "rates" }>;
  expect(cells.input?.base).toBe(123_456_789n);
  expect(cells.request?.base).toBe(1n);
  // USD 10,000 per million.
  expect(formatRate(cells.web_search?.base ?? (0n as never))).toBe("10000");
});

test("a rate may be another for a larger input", () => {
  expect(terms("rates: {input: {rate: 1.25, above: {200_000: 2.50, 100000: 2}}}")).toMatchObject({
    cells: {
      input: {
        base: 1_250_000_000n,
        tiers: [
          { above: 100_000, rate: 2_000_000_000n },
          { above: 200_000, rate: 2_500_000_000n },
        ],
      },
    },
  });
});

test("a machine's hour is that of all its GPUs", () => {
  expect(terms("gpu_hour: {usd: 2.50, gpus: 2, calls_at_once: 7.5}")).toEqual({
    kind: "gpu_hour",
    picoUsd: 5_000_000_000_000n,
    microCalls: 7_500_000n,
  });
  expect(terms("gpu_hour: {usd: 2.50}")).toMatchObject({ microCalls: 1_000_000n });
});

test("every problem is told at once, each with its place and what was expected", () => {
  const text = `prices:
  - provider: antropic
    modl: claude-*
    discout: 12%
  - {provider: openai, discount: 12}
  - provider: vllm
    rates: {input: -1, cached_input: 0.1, outpt: 3}
    from: 2026-02-30
`;
  expect(problemsOf(text)).toEqual([
    '2:15: no provider is known as "antropic". Did you mean anthropic? Is it a name of your own? Then list it: "own_providers: [antropic]".',
    '3:5: unknown key "modl". Did you mean model?',
    '4:5: unknown key "discout". Did you mean discount?',
    '5:34: a discount is a percentage, such as 12%, not "12"',
    '7:20: "-1" is negative: expected an amount such as 0.25 (USD per million tokens)',
    '7:24: nothing is priced as "cached_input". Did you mean cache_read?',
    '7:43: nothing is priced as "outpt". Did you mean output?',
    '8:11: "2026-02-30" is no time: expected a date such as 2026-11-15, which is midnight UTC, or 2026-11-15T08:00:00+01:00',
  ]);
});

test.each([
  ["discount: 100.1%", "3:15: a discount of 100.1 % is more than the whole price"],
  ["discount: -5%", '3:15: a discount is a percentage, such as 12%, not "-5%"'],
  ["discount: 0.12", '3:15: a discount is a percentage, such as 12%, not "0.12"'],
  ["discount: 1.23456789%", '3:15: "1.23456789%" has too many decimals: at most 7 can be kept'],
  ["discount: {}", /^3:15: it names nothing: expected input, cache_read, /],
  ["rates: {}", /^3:12: it names nothing/],
  ["rates: 5", "3:12: rates must be like {input: 0.10, output: 0.40}"],
  [
    "rates: {input: cheap}",
    '3:20: "cheap" is no number: expected an amount such as 0.25 (USD per million tokens)',
  ],
  [
    "rates: {input: NaN}",
    '3:20: "NaN" is no number: expected an amount such as 0.25 (USD per million tokens)',
  ],
  [
    "rates: {input: $3}",
    '3:20: "$3" is no number: expected an amount such as 0.25 (USD per million tokens)',
  ],
  [
    "rates: {input: }",
    '3:20: "" is no number: expected an amount such as 0.25 (USD per million tokens)',
  ],
  [
    "rates: {input: 0.0000000001}",
    '3:20: "0.0000000001" has too many decimals: at most 9 decimals can be kept',
  ],
  [
    "rates: {input: 1000001}",
    '3:20: "1000001" USD per million tokens is too much: that is more than a dollar for each token',
  ],
  [
    "rates: {web_search: 10001}",
    '3:25: "10001" USD for each is too much: is it the price of a thousand?',
  ],
  ["rates: {input: 1, input: 2}", "3:23: input is there twice"],
  ["rates: {input: {rate: 1}}", /^3:20: a rate is a number, or \{rate: 1\.25, above/],
  [
    "rates: {input: {rate: 1, above: {lots: 2}}}",
    "3:38: expected a number of input tokens, such as 200000",
  ],
  ["gpu_hour: {gpus: 2}", "3:15: gpu_hour needs usd: what one GPU costs an hour"],
  [
    "gpu_hour: {usd: 2, gpus: 1.5}",
    '3:30: "1.5" has too many decimals: at most 0 decimals can be kept',
  ],
  ["gpu_hour: {usd: 2, calls_at_once: 0}", "3:15: gpus and calls_at_once must be more than 0"],
  ["gpu_hour: 2.50", "3:15: gpu_hour must be like {usd: 2.50, gpus: 2, calls_at_once: 8}"],
  ["region: []\n    discount: 5%", "3:13: region is an empty list: leave it out, or name one"],
  ["tier: <b>\n    discount: 5%", '3:11: "<b>" is no service tier: expected a word such as batch'],
  ["from: 2026-11-15T08:00:00\n    discount: 5%", /^3:11: "2026-11-15T08:00:00" is no time/],
  [
    "from: 2026-11-15\n    until: 2026-11-15\n    discount: 5%",
    "4:12: until is the first instant that it does not hold at: it must be after from",
  ],
  ["name: x", "2:5: the entry says no price: give it discount, surcharge, rates or gpu_hour"],
])("%j is wrong: %s", (entry, message) => {
  const [first, ...more] = wrong(entry);
  expect(first).toMatch(message);
  expect(more).toEqual([]);
});

test.each([
  ["- a", '1:1: a contract has keys: "prices:", "tools:" or "aliases:", each with a list'],
  ["price: []", '1:1: unknown key "price". Did you mean prices?'],
  ["prices: {a: b}", '1:9: prices must be a list: each entry begins with "- "'],
  ["prices: [a]", '1:10: an entry of prices must have keys, such as "- name: …"'],
  ["a: [1\nb: 2", /^2:1: Flow sequence/],
  ["prices: &all []\ntools: *all", "2:8: references (*name) are not read here: repeat the value"],
  ["name: !!js/function x", /^1:7: Unresolved tag/],
  ["prices: [{discount: 5%}]\nprices: []", "2:1: prices is there twice"],
  [
    "prices: [{rates: {input: 1}}]",
    "1:10: say for which model or provider: these prices would be everybody's",
  ],
  ["prices: [{provider: no-*, discount: 5%}]", '1:21: "no-*" fits no provider that is known'],
  ["tools: [{usd: 1}]", "1:9: say which tool, as spans name it: tool: web_search"],
  ["tools: [{tool: x}]", "1:9: say what a use of it costs: usd: 0.01"],
  [
    "aliases: [{model: x}]",
    "1:11: an alias needs model, as spans have it, and is, the model that it is priced as",
  ],
  ["aliases: [{model: x, is: y, at: ollama}]", /^1:33: the catalogue has no provider "ollama"/],
  [
    "aliases:\n  - {model: A, is: gpt-5}\n  - {model: [b, a], is: gpt-5}",
    '3:17: "a" has an alias already, in line 2',
  ],
])("%j is wrong: %s", (text, message) => {
  const [first, ...more] = problemsOf(text);
  expect(first).toMatch(message);
  expect(more).toEqual([]);
});

test("a file that is too large, too wide or too deep is told so, and in no long time", () => {
  const started = performance.now();
  expect(problemsOf("a".repeat((1 << 20) + 1))).toEqual(["1:1: the file is larger than 1 MiB"]);
  const entry = "  - {tool: x, usd: 1}\n";
  expect(problemsOf(`tools:\n${entry.repeat(1_001)}`)).toEqual([
    "1002:5: tools has more than 1000 entries: use lists and patterns",
  ]);
  const keys = Array.from({ length: 90_000 }, (_, i) => `k${i}: 1`).join("\n");
  expect(problemsOf(keys)).toHaveLength(100);
  expect(problemsOf("[".repeat(100_000)).length).toBeGreaterThan(0);
  expect(performance.now() - started).toBeLessThan(20_000);
}, 30_000);

test("what looks like a mistake and may be none is a warning", () => {
  const { contract: found, warnings } = parseContract(`prices:
  - {provider: openai, model: [gpt-5-mimi, gpt-5-nano, gpt-9-*], discount: 5%}
  - {model: llama-own, rates: {input: 1}}
  - {model: llama-own, discount: 5%}
aliases:
  - {model: x, is: nobody-9}
  - {model: y, is: llama-own}
`);
  expect(found).toBeDefined();
  expect(warnings).toEqual([
    {
      line: 2,
      column: 5,
      message:
        'nobody has a price for "gpt-5-mimi" to take the discount off. Did you mean gpt-5-mini?',
    },
    { line: 6, column: 5, message: 'nobody has a price for "nobody-9".' },
  ]);
});

test("whatever a file holds, reading it answers", () => {
  const pieces = fc.constantFrom(
    ...["prices:", "\n", "  - ", "model: ", "rates: ", "{", "}", "[", "]", "input: ", "1", "%"],
    ...["discount: ", "tools:", "aliases:", "is: ", ": ", "*x", "&x ", "!t ", "|", "? ", "# ", "'"],
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const { contract: found, problems } = parseContract(text);
      return (found === undefined) === problems.length > 0;
    }),
    { numRuns: 2_000 },
  );
});
