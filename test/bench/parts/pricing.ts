import { readFileSync } from "node:fs";
import { type CallToPrice, createPriceBook } from "@spancost/pricing";
import { parseContract } from "@spancost/pricing/contract";
import { tokenCount, unknownUsage } from "@spancost/semconv";
import { cpuOf } from "../cpu.ts";
import type { Findings } from "../findings.ts";

const rounds = 100;

/** What it costs to price a call whose model was asked for before, in turn for models of every provider. */
export function pricingPart(findings: Findings): void {
  const { contract } = parseContract(
    readFileSync(new URL("../contract.yaml", import.meta.url), "utf8"),
  );
  if (contract === undefined) throw new Error("the contract of the benchmark does not parse");
  for (const [name, prices] of [
    ["price a call", createPriceBook()],
    ["price a call by a contract", createPriceBook({ contract })],
  ] as const) {
    const calls = callsToPrice();
    for (const call of calls) prices.price(call);
    const cost = cpuOf(() => {
      for (let round = 0; round < rounds; round += 1) for (const call of calls) prices.price(call);
    });
    findings.tell(name, cost / rounds / calls.length, "µs CPU a call");
  }
}

const models = [
  ["openai", "gpt-5-mini-2025-08-07", undefined],
  ["openai", "gpt-5", "flex"],
  ["anthropic", "claude-sonnet-4-5-20250929", undefined],
  ["anthropic", "claude-opus-4-5", undefined],
  ["aws.bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", undefined],
  ["gcp.vertex_ai", "gemini-2.5-pro", undefined],
  ["deepseek", "deepseek-chat", undefined],
  ["mistral_ai", "mistral-large-latest", undefined],
] as const;

/** 2,000 calls to 8 models, each in its own way: cached, long, at Bedrock, in flex. */
function callsToPrice(): CallToPrice[] {
  return Array.from({ length: 2_000 }, (_, nth) => {
    const [provider, model, serviceTier] = models[nth % models.length] ?? models[0];
    const input = 1_000 + ((nth * 7_919) % 300_000);
    return {
      provider,
      requestModel: model,
      responseModel: model,
      startedAt: Date.UTC(2026, 10, 1) + nth * 60_000,
      durationMicros: 1_000_000 + nth,
      serviceTier,
      account: "1234",
      region: "eu-west-1",
      usage: {
        ...unknownUsage,
        input: tokenCount(input),
        cacheRead: tokenCount(Math.floor(input / 2)),
        cacheWrite: tokenCount(100),
        output: tokenCount(500 + (nth % 1_000)),
      },
    };
  });
}
