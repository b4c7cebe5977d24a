import { allTokens, half, noCacheTokens, type TierRow } from "./tier-row.ts";

/**
 * What Google says of its tiers: flex and batch cost half, priority "75% to 100% more than standard", which is
 * 1.8 times in the price lists of every model here, read as LiteLLM's price map has them. Cached tokens are halved
 * for newer models only; for older ones the discounts of cache and batch do not add up.
 */
const source = "https://ai.google.dev/gemini-api/docs/optimization";
const prices = "https://ai.google.dev/gemini-api/docs/pricing";

/** Gemini Developer API and Vertex list the same, cached tokens included. */
const halvedWithCache = [
  "gemini-2.5-flash-image",
  "gemini-3.1-flash-lite",
  "gemini-3.6-flash",
  "gemini-3.7-flash",
  "gemini-3.8-flash",
];

/** Their cached tokens cost the standard rate at one of the two, or are not listed. */
const halvedButCache = [
  "gemini-2.5-flash",
  "gemini-2.5-flash-lite",
  "gemini-2.5-pro",
  "gemini-3-flash-preview",
  "gemini-3.1-pro-preview",
  "gemini-3.5-flash-lite",
];

const halved = "Flex and batch inference cost half the standard price.";

export const googleTiers: readonly TierRow[] = [
  {
    reason: halved,
    source,
    provider: "google",
    tiers: ["flex", "batch"],
    models: new Set(halvedWithCache),
    share: half,
    cells: allTokens,
  },
  {
    reason: `${halved} What their cached tokens cost is not said alike everywhere.`,
    source,
    provider: "google",
    tiers: ["flex", "batch"],
    models: new Set([...halvedButCache, "gemini-3.5-flash"]),
    share: half,
    cells: noCacheTokens,
  },
  {
    reason: "Priority inference costs 1.8 times the standard price.",
    source: prices,
    provider: "google",
    tiers: ["priority"],
    models: new Set([
      ...halvedWithCache,
      ...halvedButCache.filter((model) => model !== "gemini-3.5-flash-lite"),
      "gemini-3.5-flash",
    ]),
    share: { of: 9n, in: 5n },
    cells: allTokens,
  },
  {
    reason:
      "Priority inference costs 1.8 times the standard price; the cached rate is not said alike.",
    source: prices,
    provider: "google",
    tiers: ["priority"],
    models: new Set(["gemini-3.5-flash-lite"]),
    share: { of: 9n, in: 5n },
    cells: noCacheTokens,
  },
];
