/**
 * Tiers that cost the list price: OpenAI's "default", "auto" (a request's word for it) and "scale",
 * Anthropic's "standard" and "standard_only", Groq's and Google's "on_demand".
 */
const standardTiers: ReadonlySet<string> = new Set([
  "",
  "auto",
  "default",
  "on_demand",
  "scale",
  "standard",
  "standard_only",
]);

/** What the tier is called that a call has where it has no other. */
export const standardTier = "standard";

/**
 * The tier that makes a call cost another price than the card's, in a short form, or `undefined` for
 * the standard one. A tier that is not stated is the standard one: no emitter states it always.
 */
export function specialTier(tier: string | undefined): string | undefined {
  if (tier === undefined || standardTiers.has(tier)) return undefined;
  const name = tier
    .slice(0, 64)
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  if (standardTiers.has(name)) return undefined;
  // It ends up in a reason that people group by: no tier is called otherwise than in a short word.
  return /^[a-z0-9_.]{1,32}$/.test(name) ? name : "other";
}
