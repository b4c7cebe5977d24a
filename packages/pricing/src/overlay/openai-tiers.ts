import type { Share } from "../rates.ts";
import { allTokens, half, noCacheTokens, type TierRow } from "./tier-row.ts";

/** Models that flex and batch processing cost half for, cached tokens included. */
const halvedWithCache = [
  "gpt-5",
  "gpt-5-mini",
  "gpt-5-nano",
  "gpt-5.1",
  "gpt-5.2",
  "gpt-5.4",
  "gpt-5.4-mini",
  "gpt-5.4-nano",
  "gpt-5.4-pro",
  "gpt-5.5",
  "gpt-5.5-pro",
  "gpt-5.6-luna",
  "gpt-5.6-sol",
  "gpt-5.6-terra",
  "gpt-6-astra",
  "gpt-6-luna",
  "gpt-6-sol",
];

const flexSource = "https://developers.openai.com/api/docs/guides/flex-processing";
const batchSource = "https://developers.openai.com/api/docs/guides/batch";
const fastSource = "https://openai.com/api-fast-mode/";

const flexAndBatch: readonly TierRow[] = [
  {
    reason: "Flex tokens are priced at the Batch API's rates, half the standard ones.",
    source: flexSource,
    provider: "openai",
    tiers: ["flex"],
    models: new Set([...halvedWithCache, "o3", "o4-mini"]),
    share: half,
    cells: allTokens,
    published: { "gpt-5.4": { cache_read: 0.13 }, "o4-mini": { cache_read: 0.138 } },
  },
  {
    reason: "The Batch API costs half the standard price.",
    source: batchSource,
    provider: "openai",
    tiers: ["batch"],
    models: new Set(halvedWithCache),
    share: half,
    cells: allTokens,
    published: { "gpt-5.4": { cache_read: 0.13 } },
  },
  {
    reason:
      "The Batch API costs half the standard price; for these models no cached rate is listed.",
    source: batchSource,
    provider: "openai",
    tiers: ["batch"],
    models: new Set([
      "gpt-4.1",
      "gpt-4.1-mini",
      "gpt-4.1-nano",
      "gpt-4o",
      "gpt-4o-2024-05-13",
      "gpt-4o-mini",
      "gpt-5-pro",
      "gpt-5.2-pro",
      "o1",
      "o1-pro",
      "o3",
      "o3-mini",
      "o3-pro",
      "o4-mini",
      "text-embedding-3-large",
      "text-embedding-3-small",
    ]),
    share: half,
    cells: noCacheTokens,
  },
];

/**
 * Priority processing, called fast mode since 2026-07-30; both words are in use. Its prices are published per
 * model, and each is one share of the model's standard prices.
 */
function fast(share: Share, models: readonly string[], more: Partial<TierRow> = {}): TierRow {
  return {
    reason: "Fast mode, formerly priority processing, has prices of its own for each model.",
    source: fastSource,
    provider: "openai",
    tiers: ["priority", "fast"],
    models: new Set(models),
    share,
    cells: allTokens,
    ...more,
  };
}

const fastMode: readonly TierRow[] = [
  fast({ of: 2n, in: 1n }, [
    "gpt-4.1-nano",
    "gpt-5",
    "gpt-5.1",
    "gpt-5.2",
    "gpt-5.3-codex",
    "gpt-5.4-mini",
    "gpt-5.6-luna",
    "gpt-5.6-sol",
    "gpt-5.6-terra",
    "gpt-6-astra",
    "gpt-6-luna",
    "gpt-6-sol",
  ]),
  fast({ of: 2n, in: 1n }, ["gpt-5.4"], { shortContextOnly: true }),
  fast({ of: 5n, in: 2n }, ["gpt-5.5"], { shortContextOnly: true }),
  fast({ of: 9n, in: 5n }, ["gpt-5-mini"]),
  fast({ of: 7n, in: 4n }, ["gpt-4.1", "gpt-4.1-mini", "gpt-4o-2024-05-13", "o3"]),
  fast({ of: 17n, in: 10n }, ["gpt-4o"]),
  fast({ of: 5n, in: 3n }, ["gpt-4o-mini"]),
  fast({ of: 20n, in: 11n }, ["o4-mini"]),
];

export const openaiTiers: readonly TierRow[] = [...flexAndBatch, ...fastMode];
