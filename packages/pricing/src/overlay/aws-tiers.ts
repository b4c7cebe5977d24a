import { allTokens, half, noCacheTokens, type TierRow } from "./tier-row.ts";

/**
 * Bedrock's tiers. Its pages say "discount" and "premium" and name the models; the numbers are in AWS's price list,
 * read as LiteLLM's price map has them. Models whose numbers are no plain share of the standard price are left out.
 * Claude is sold in batches only.
 */
const prices =
  "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonBedrock/current/us-east-1/index.json";

const both = [
  "amazon.nova-pro-v1:0",
  "google.gemma-3-4b-it",
  "mistral.devstral-2-123b",
  "mistral.ministral-3-14b-instruct",
  "mistral.voxtral-mini-3b-2507",
  "openai.gpt-oss-120b-1:0",
  "openai.gpt-oss-20b-1:0",
  "qwen.qwen3-32b-v1:0",
  "regional.amazon.nova-2-lite-v1:0",
];

export const awsTiers: readonly TierRow[] = [
  {
    reason: "Bedrock's flex tier costs half of the standard one.",
    source: prices,
    provider: "aws",
    tiers: ["flex"],
    models: new Set([
      ...both,
      "mistral.magistral-small-2509",
      "mistral.ministral-3-3b-instruct",
      "mistral.mistral-large-3-675b-instruct",
      "mistral.voxtral-small-24b-2507",
    ]),
    share: half,
    cells: allTokens,
  },
  {
    reason: "Bedrock's priority tier costs 75 % more than the standard one.",
    source: prices,
    provider: "aws",
    tiers: ["priority"],
    models: new Set([
      ...both,
      "amazon.nova-premier-v1:0",
      "global.amazon.nova-2-lite-v1:0",
      "qwen.qwen3-coder-30b-a3b-v1:0",
    ]),
    share: { of: 7n, in: 4n },
    cells: allTokens,
  },
  {
    reason:
      "Bedrock's batch inference costs half of on-demand; for cached tokens no price is listed.",
    source:
      "https://docs.aws.amazon.com/bedrock/latest/userguide/capacity-limits-cost-optimization.html",
    provider: "aws",
    tiers: ["batch"],
    models: new Set([
      "amazon.nova-lite-v1:0",
      "amazon.nova-micro-v1:0",
      "amazon.nova-premier-v1:0",
      "amazon.nova-pro-v1:0",
      "global.amazon.nova-2-lite-v1:0",
      "global.anthropic.claude-haiku-4-5-20251001-v1:0",
      "global.anthropic.claude-sonnet-4-5-20250929-v1:0",
      "meta.llama3-1-70b-instruct-v1:0",
      "meta.llama3-1-8b-instruct-v1:0",
      "meta.llama3-3-70b-instruct-v1:0",
      "meta.llama4-maverick-17b-instruct-v1:0",
      "meta.llama4-scout-17b-instruct-v1:0",
      "mistral.mistral-small-2402-v1:0",
      "openai.gpt-oss-120b-1:0",
      "openai.gpt-oss-20b-1:0",
      "qwen.qwen3-32b-v1:0",
      "qwen.qwen3-coder-30b-a3b-v1:0",
    ]),
    share: half,
    cells: noCacheTokens,
  },
];
