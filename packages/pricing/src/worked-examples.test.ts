import { type Usage, unknownUsage } from "@spancost/semconv";
import { expect, test } from "vitest";
import { exactUsd } from "./format-money.ts";
import { createPriceBook } from "./price-book.ts";

/** A call to a model at a time, and its cost with the arithmetic that leads to it. */
interface Example {
  readonly claim: string;
  readonly provider: string;
  readonly model: string;
  readonly at: string;
  readonly counts: Partial<Record<keyof Usage, number>>;
  readonly arithmetic: readonly string[];
  readonly usd: string;
}

/** Input and output of a million tokens each cost the rates themselves. */
const aMillionEach = { input: 1_000_000, cacheRead: 0, cacheWrite: 0, output: 1_000_000 };

const noon = "2026-11-20T12:00:00Z";

const examples: readonly Example[] = [
  {
    claim: "OpenAI: a prompt mostly from the cache, reasoning within the output",
    provider: "openai",
    model: "gpt-5-mini-2025-08-07",
    at: noon,
    counts: { input: 10_000, cacheRead: 8_000, cacheWrite: 0, output: 1_200, reasoning: 900 },
    arithmetic: [
      "2,000 uncached at $0.25 per million  = 0.0005",
      "8,000 cached   at $0.025             = 0.0002",
      "1,200 output   at $2.00              = 0.0024",
    ],
    usd: "0.003100000000",
  },
  {
    claim: "Anthropic: a prompt written to the cache for five minutes",
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    at: noon,
    counts: { input: 12_000, cacheRead: 2_000, cacheWrite: 4_000, cacheWrite1h: 0, output: 800 },
    arithmetic: [
      "6,000 uncached at $3.00  = 0.018",
      "2,000 read     at $0.30  = 0.0006",
      "4,000 written  at $3.75  = 0.015",
      "  800 output   at $15.00 = 0.012",
    ],
    usd: "0.045600000000",
  },
  {
    claim: "Anthropic: three quarters of the same write are for an hour",
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    at: noon,
    counts: {
      input: 12_000,
      cacheRead: 2_000,
      cacheWrite: 4_000,
      cacheWrite1h: 3_000,
      output: 800,
    },
    arithmetic: [
      "6,000 uncached         at $3.00  = 0.018",
      "2,000 read             at $0.30  = 0.0006",
      "1,000 written for 5 min at $3.75 = 0.00375",
      "3,000 written for 1 h   at $6.00 = 0.018",
      "  800 output           at $15.00 = 0.012",
    ],
    usd: "0.052350000000",
  },
  {
    claim: "Anthropic: exactly 200,000 tokens are not a long context yet",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    at: noon,
    counts: { input: 200_000, cacheRead: 150_000, cacheWrite: 0, output: 2_000 },
    arithmetic: [
      " 50,000 uncached at $3.00  = 0.15",
      "150,000 read     at $0.30  = 0.045",
      "  2,000 output   at $15.00 = 0.03",
    ],
    usd: "0.225000000000",
  },
  {
    claim: "Anthropic: one token more, and the whole call has the dearer rates",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    at: noon,
    counts: { input: 200_001, cacheRead: 150_000, cacheWrite: 0, output: 2_000 },
    arithmetic: [
      " 50,001 uncached at $6.00  = 0.300006",
      "150,000 read     at $0.60  = 0.09",
      "  2,000 output   at $22.50 = 0.045",
    ],
    usd: "0.435006000000",
  },
  {
    claim: "Bedrock: the global profile at the list price",
    provider: "aws.bedrock",
    model: "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
    at: noon,
    counts: { input: 10_000, cacheRead: 0, cacheWrite: 0, output: 1_000 },
    arithmetic: ["10,000 input at $3.00 = 0.03", " 1,000 output at $15.00 = 0.015"],
    usd: "0.045000000000",
  },
  {
    claim: "Bedrock: the profile of a geography costs 10 % more",
    provider: "aws.bedrock",
    model: "eu.anthropic.claude-sonnet-4-5-20250929-v1:0",
    at: noon,
    counts: { input: 10_000, cacheRead: 0, cacheWrite: 0, output: 1_000 },
    arithmetic: ["10,000 input at $3.30 = 0.033", " 1,000 output at $16.50 = 0.0165"],
    usd: "0.049500000000",
  },
  {
    claim: "Bedrock: an hour in the cache is twice the input's rate, premium included",
    provider: "aws.bedrock",
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    at: noon,
    counts: { input: 10_000, cacheRead: 0, cacheWrite: 10_000, cacheWrite1h: 10_000, output: 0 },
    arithmetic: ["10,000 written for 1 h at 2 x $3.30 = 0.066"],
    usd: "0.066000000000",
  },
  {
    claim: "Vertex: the same rule beyond 200,000 tokens",
    provider: "gcp.vertex_ai",
    model: "claude-sonnet-4-5@20250929",
    at: noon,
    counts: { input: 300_000, cacheRead: 0, cacheWrite: 300_000, cacheWrite1h: 300_000, output: 0 },
    arithmetic: ["300,000 written for 1 h at 2 x $6.00 = 3.6"],
    usd: "3.600000000000",
  },
  {
    claim: "Perplexity: each request has a price of its own",
    provider: "perplexity",
    model: "sonar-pro",
    at: noon,
    counts: { input: 1_000, cacheRead: 0, cacheWrite: 0, output: 500 },
    arithmetic: [
      "1,000 input at $3.00 = 0.003",
      "500 output at $15.00 = 0.0075",
      "1 request at $14 per 1,000 = 0.014",
    ],
    usd: "0.024500000000",
  },
  {
    claim: "o3 until the last millisecond of 2025-06-09",
    provider: "openai",
    model: "o3",
    at: "2025-06-09T23:59:59.999Z",
    counts: aMillionEach,
    arithmetic: ["10 + 40"],
    usd: "50.000000000000",
  },
  {
    claim: "o3 from 2025-06-10",
    provider: "openai",
    model: "o3",
    at: "2025-06-10T00:00:00Z",
    counts: aMillionEach,
    arithmetic: ["2 + 8"],
    usd: "10.000000000000",
  },
  {
    claim: "GPT-5.6 Sol before its cut, above the tier of 272,000 tokens",
    provider: "openai",
    model: "gpt-5.6-sol",
    at: "2026-08-20T23:59:59Z",
    counts: aMillionEach,
    arithmetic: ["10 + 45"],
    usd: "55.000000000000",
  },
  {
    claim: "GPT-5.6 Sol after its cut",
    provider: "openai",
    model: "gpt-5.6-sol",
    at: "2026-08-21T00:00:00Z",
    counts: aMillionEach,
    arithmetic: ["8 + 30"],
    usd: "38.000000000000",
  },
  {
    claim: "GPT-5.6 Sol: 271,999 tokens are below the tier, which starts above them",
    provider: "openai",
    model: "gpt-5.6-sol",
    at: noon,
    counts: { input: 271_999, cacheRead: 0, cacheWrite: 0, output: 1_000_000 },
    arithmetic: ["271,999 at $4.00 = 1.087996", "1,000,000 at $20.00 = 20"],
    usd: "21.087996000000",
  },
  {
    claim: "DeepSeek V3 at its peak, until 16:30 UTC",
    provider: "deepseek",
    model: "deepseek-chat",
    at: "2026-11-20T16:29:59.999Z",
    counts: aMillionEach,
    arithmetic: ["0.27 + 1.10"],
    usd: "1.370000000000",
  },
  {
    claim: "DeepSeek V3 off peak",
    provider: "deepseek",
    model: "deepseek-chat",
    at: "2026-11-20T16:30:00Z",
    counts: aMillionEach,
    arithmetic: ["0.135 + 0.55"],
    usd: "0.685000000000",
  },
  {
    claim: "an embedding has input alone",
    provider: "openai",
    model: "text-embedding-3-small",
    at: noon,
    counts: { input: 12_345 },
    arithmetic: ["12,345 at $0.02 = 0.0002469"],
    usd: "0.000246900000",
  },
];

test.each(examples)("$claim: $$usd", ({ provider, model, at, counts, usd }) => {
  const usage = { ...unknownUsage, ...counts } as Usage;
  const startedAt = new Date(at);
  const names = { provider, requestModel: model, responseModel: undefined, serviceTier: undefined };
  const priced = createPriceBook().price({ ...names, startedAt, usage });
  expect(priced.kind === "priced" ? exactUsd(priced.cost.total) : priced.reason).toBe(usd);
});
