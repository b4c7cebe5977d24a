import { type Usage, unknownUsage } from "@spancost/semconv";
import { expect, test } from "vitest";
import { parseContract } from "./contract/parse-contract.ts";
import { exactUsd } from "./format-money.ts";
import { createPriceBook } from "./price-book.ts";

/** A call to a model at a time, and its cost with the arithmetic that leads to it. */
interface Example {
  readonly claim: string;
  readonly provider: string;
  readonly model: string;
  readonly at: string;
  readonly counts: Partial<Record<keyof Usage, number>>;
  readonly tier?: string;
  readonly seconds?: number;
  /** A contract's file. */
  readonly contract?: string;
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
    claim: "Bedrock: a long context costs twice, its output one and a half times",
    provider: "aws.bedrock",
    model: "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
    at: noon,
    counts: { input: 300_000, cacheRead: 0, cacheWrite: 0, output: 1_000 },
    arithmetic: ["300,000 input at 2 x $3.30 = 1.98", "1,000 output at 1.5 x $16.50 = 0.02475"],
    usd: "2.004750000000",
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
  {
    claim: "OpenAI: flex halves every rate, the cached one too",
    provider: "openai",
    model: "gpt-5-mini",
    at: noon,
    tier: "flex",
    counts: { input: 10_000, cacheRead: 8_000, cacheWrite: 0, output: 1_200 },
    arithmetic: [
      "2,000 uncached at $0.125  = 0.00025",
      "8,000 cached   at $0.0125 = 0.0001",
      "1,200 output   at $1.00   = 0.0012",
    ],
    usd: "0.001550000000",
  },
  {
    claim: "OpenAI: fast mode has a price list of its own",
    provider: "openai",
    model: "gpt-5.5",
    at: noon,
    tier: "priority",
    counts: { input: 10_000, cacheRead: 8_000, cacheWrite: 0, output: 1_000 },
    arithmetic: [
      "2,000 uncached at $12.50 = 0.025",
      "8,000 cached   at $1.25  = 0.01",
      "1,000 output   at $75.00 = 0.075",
    ],
    usd: "0.110000000000",
  },
  {
    claim: "Anthropic: a batch costs half, caches included",
    provider: "anthropic",
    model: "claude-sonnet-4-5-20250929",
    at: noon,
    tier: "batch",
    counts: {
      input: 12_000,
      cacheRead: 2_000,
      cacheWrite: 4_000,
      cacheWrite1h: 3_000,
      output: 800,
    },
    arithmetic: ["half of 0.05235, which it costs without a batch"],
    usd: "0.026175000000",
  },
  {
    claim: "Gemini: exactly 200,000 tokens, most of them cached",
    provider: "gcp.gemini",
    model: "gemini-2.5-pro",
    at: noon,
    counts: { input: 200_000, cacheRead: 150_000, cacheWrite: 0, output: 2_000 },
    arithmetic: [
      " 50,000 uncached at $1.25  = 0.0625",
      "150,000 cached   at $0.125 = 0.01875",
      "  2,000 output   at $10.00 = 0.02",
    ],
    usd: "0.101250000000",
  },
  {
    claim: "Gemini: one token more",
    provider: "gcp.gemini",
    model: "gemini-2.5-pro",
    at: noon,
    counts: { input: 200_001, cacheRead: 150_000, cacheWrite: 0, output: 2_000 },
    arithmetic: [
      " 50,001 uncached at $2.50  = 0.1250025",
      "150,000 cached   at $0.25  = 0.0375",
      "  2,000 output   at $15.00 = 0.03",
    ],
    usd: "0.192502500000",
  },
  {
    claim: "Gemini: priority, beyond 200,000 tokens",
    provider: "gcp.gemini",
    model: "gemini-2.5-pro",
    at: noon,
    tier: "priority",
    counts: { input: 300_000, cacheRead: 0, cacheWrite: 0, output: 1_000 },
    arithmetic: ["300,000 at 1.8 x $2.50 = 1.35", "1,000 output at 1.8 x $15.00 = 0.027"],
    usd: "1.377000000000",
  },
  {
    claim: "a price of 2026-08-21 begins at midnight UTC, whatever the clock says in California",
    provider: "openai",
    model: "gpt-5.6-sol",
    at: "2026-08-20T17:00:00-07:00",
    counts: { input: 100_000, cacheRead: 0, cacheWrite: 0, output: 10_000 },
    arithmetic: ["100,000 at $4.00 = 0.4", "10,000 output at $20.00 = 0.2"],
    usd: "0.600000000000",
  },
  {
    claim: "and a millisecond before it, the old one holds",
    provider: "openai",
    model: "gpt-5.6-sol",
    at: "2026-08-20T23:59:59.999Z",
    counts: { input: 100_000, cacheRead: 0, cacheWrite: 0, output: 10_000 },
    arithmetic: ["100,000 at $5.00 = 0.5", "10,000 output at $30.00 = 0.3"],
    usd: "0.800000000000",
  },
  {
    claim: "3,000 in and 400 out at $3 and $15 per million",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    at: noon,
    counts: { input: 3_000, cacheRead: 0, cacheWrite: 0, output: 400 },
    arithmetic: ["3,000 at $3 = 0.009", "400 at $15 = 0.006"],
    usd: "0.015000000000",
  },
  {
    claim:
      "11,000 in and 4,000 out at $0.008 and $0.024 per 1,000, which are $8 and $24 per million",
    provider: "anthropic",
    model: "our-claude",
    at: noon,
    contract: "prices: [{provider: anthropic, model: our-claude, rates: {input: 8, output: 24}}]",
    counts: { input: 11_000, output: 4_000 },
    arithmetic: ["11,000 at $8 = 0.088", "4,000 at $24 = 0.096"],
    usd: "0.184000000000",
  },
  {
    claim: "12 % off from the middle of a month: the instant before",
    provider: "anthropic",
    model: "claude-opus-4-5",
    at: "2026-11-14T23:59:59.999Z",
    contract: "prices: [{provider: anthropic, from: 2026-11-15, discount: 12%}]",
    counts: { input: 10_000, cacheRead: 8_000, cacheWrite: 0, output: 1_000 },
    arithmetic: ["2,000 at $5 = 0.01", "8,000 at $0.50 = 0.004", "1,000 at $25 = 0.025"],
    usd: "0.039000000000",
  },
  {
    claim: "12 % off from the middle of a month: its first instant",
    provider: "anthropic",
    model: "claude-opus-4-5",
    at: "2026-11-15T00:00:00Z",
    contract: "prices: [{provider: anthropic, from: 2026-11-15, discount: 12%}]",
    counts: { input: 10_000, cacheRead: 8_000, cacheWrite: 0, output: 1_000 },
    arithmetic: ["2,000 at $4.40 = 0.0088", "8,000 at $0.44 = 0.00352", "1,000 at $22 = 0.022"],
    usd: "0.034320000000",
  },
  {
    claim: "12 % off a batch is off the batch's price",
    provider: "anthropic",
    model: "claude-opus-4-5",
    at: noon,
    tier: "batch",
    contract: "prices: [{provider: anthropic, discount: 12%}]",
    counts: { input: 10_000, cacheRead: 8_000, cacheWrite: 0, output: 1_000 },
    arithmetic: ["half of 0.03432"],
    usd: "0.017160000000",
  },
  {
    claim: "a call's share of two GPUs that answer eight at a time",
    provider: "vllm",
    model: "qwen3-32b",
    at: noon,
    seconds: 4.6,
    contract:
      "prices: [{provider: vllm, model: qwen3-*, gpu_hour: {usd: 2.50, gpus: 2, calls_at_once: 8}}]",
    counts: { input: 2_000, output: 300 },
    arithmetic: ["4.6 s of 2 x $2.50 / 3,600 s, an eighth of it = 0.000798611111…"],
    usd: "0.000798611111",
  },
  {
    claim: "an Azure deployment by its alias",
    provider: "azure.ai.openai",
    model: "our-gpt-prod",
    at: noon,
    contract: "aliases: [{provider: azure, model: our-gpt-prod, is: gpt-5-mini}]",
    counts: { input: 10_000, cacheRead: 8_000, cacheWrite: 0, output: 1_200 },
    arithmetic: ["as GPT-5 mini: 0.0005 + 0.0002 + 0.0024"],
    usd: "0.003100000000",
  },
  {
    claim: "a Bedrock application's profile by its alias, in a geography",
    provider: "aws.bedrock",
    model: "arn:aws:bedrock:eu-west-1:123456789012:application-inference-profile/abc123",
    at: noon,
    contract: `aliases:
      - model: arn:aws:bedrock:*:application-inference-profile/abc123
        is: eu.anthropic.claude-sonnet-4-5-20250929-v1:0`,
    counts: { input: 10_000, cacheRead: 0, cacheWrite: 0, output: 1_000 },
    arithmetic: ["10,000 at $3.30 = 0.033", "1,000 at $16.50 = 0.0165"],
    usd: "0.049500000000",
  },
  {
    claim: "a call with sound in and out",
    provider: "openai",
    model: "gpt-realtime",
    at: noon,
    counts: {
      input: 5_000,
      cacheRead: 2_000,
      cacheWrite: 0,
      inputAudio: 3_500,
      cacheReadAudio: 1_500,
      output: 900,
      outputAudio: 700,
    },
    arithmetic: [
      "  1,000 text         at $4.00  = 0.004",
      "  2,000 sound        at $32.00 = 0.064",
      "    500 cached text  at $0.40  = 0.0002",
      "  1,500 cached sound at $0.40  = 0.0006",
      "    200 text out     at $16.00 = 0.0032",
      "    700 sound out    at $64.00 = 0.0448",
    ],
    usd: "0.116800000000",
  },
  {
    claim: "Gemini: a picture as the answer",
    provider: "gcp.gemini",
    model: "gemini-2.5-flash-image",
    at: noon,
    counts: { input: 100, output: 1_310, outputImage: 1_290 },
    arithmetic: [
      "100 at $0.30 = 0.00003",
      "20 text at $2.50 = 0.00005",
      "1,290 picture at $30 = 0.0387",
    ],
    usd: "0.038780000000",
  },
  {
    claim: "Anthropic: three searches of the web at $10 per 1,000",
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    at: noon,
    counts: { input: 3_000, cacheRead: 0, cacheWrite: 0, output: 400, webSearches: 3 },
    arithmetic: ["3,000 at $3 = 0.009", "400 at $15 = 0.006", "3 x $0.01 = 0.03"],
    usd: "0.045000000000",
  },
];

test.each(examples)(
  "$claim: $$usd",
  ({ provider, model, at, counts, usd, tier, seconds, contract }) => {
    const usage = { ...unknownUsage, ...counts } as Usage;
    const parsed = parseContract(contract ?? "");
    expect(parsed.problems).toEqual([]);
    const priced = createPriceBook({ contract: parsed.contract }).price({
      ...{ provider, requestModel: model, responseModel: undefined, serviceTier: tier },
      startedAt: new Date(at),
      durationMicros: seconds === undefined ? undefined : seconds * 1_000_000,
      usage,
    });
    expect(priced.kind === "priced" ? exactUsd(priced.cost.total) : priced.reason).toBe(usd);
  },
);

test("a priced tool: twelve pages at $1.50 per 1,000", () => {
  const { contract } = parseContract("tools: [{tool: ocr, usd: 0.0015}]");
  const use = { tool: "ocr", units: 12, startedAt: new Date(noon) };
  const priced = createPriceBook({ contract }).priceTool(use);
  expect(exactUsd(priced?.cost.total ?? (0n as never))).toBe("0.018000000000");
});
