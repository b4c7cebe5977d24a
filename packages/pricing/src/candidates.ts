import { findProvider, type MatchLogic, type ModelInfo } from "@pydantic/genai-prices";
import { askCatalogue, makers } from "./find-model.ts";
import { lettersBetween } from "./letters-between.ts";
import { maxModelNameLength } from "./model-names.ts";
import { catalogueProviderIds } from "./providers.ts";

/** A model of the catalogue that a partial name may mean. */
export interface Candidate {
  readonly provider: string;
  readonly model: string;
  /** "openai/gpt-5-mini" */
  readonly priceId: string;
  /** A name to ask for it by; a few models do not answer to their id. */
  readonly name: string;
  readonly deprecated: boolean;
}

/** At most so many candidates: more are no help. */
const limit = 20;

/**
 * The models whose name contains `model`, across providers, best first, at most 20.
 *
 * Letters and digits count, and nothing between them: "gpt5 mini" finds "gpt-5-mini". The whole name comes
 * before one that begins with it, that before one that contains it; then shorter before longer, and who makes
 * the model before who resells it. Where no name contains it, those that a slip of the finger makes of it.
 */
export function candidatesFor(model: string): readonly Candidate[] {
  const wanted = bare(model.slice(0, maxModelNameLength));
  if (wanted === "") return [];
  const containing = sorted(wanted, rankOf);
  return (containing.length > 0 ? containing : sorted(wanted, slipsTo))
    .slice(0, limit)
    .map(({ provider, info }) => candidate(provider, info));
}

/** The models that `rank` takes for a match, best first. */
function sorted(wanted: string, rank: (name: string, wanted: string) => number) {
  return catalogueProviderIds
    .flatMap((provider) =>
      modelsOf(provider).map((info) => ({
        provider,
        info,
        rank: Math.min(...[info.id, info.name ?? ""].map((name) => rank(bare(name), wanted))),
      })),
    )
    .filter(({ rank }) => rank !== isNoMatch)
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        a.info.id.length - b.info.id.length ||
        Number(makers.includes(b.provider)) - Number(makers.includes(a.provider)) ||
        (a.info.id < b.info.id ? -1 : 1),
    );
}

/** What the catalogue lists of a provider. */
export function modelsOf(provider: string): readonly ModelInfo[] {
  return findProvider({ providerId: provider })?.models ?? [];
}

const isNoMatch = 3;

/** 0 for the whole name, 1 for its beginning, 2 for a part of it. */
function rankOf(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1;
  return name.includes(wanted) ? 2 : isNoMatch;
}

/** How many letters are wrong: at most two, and of a name that is long enough to be known by the others. */
function slipsTo(name: string, wanted: string): number {
  if (wanted.length < 5 || Math.abs(name.length - wanted.length) >= isNoMatch) return isNoMatch;
  return Math.min(lettersBetween(name, wanted), isNoMatch);
}

function candidate(provider: string, info: ModelInfo): Candidate {
  const { id, deprecated = false } = info;
  const name = answeringName(provider, info) ?? id;
  return { provider, model: id, priceId: `${provider}/${id}`, name, deprecated };
}

/** A name that the catalogue answers to with this model: its id, or a text out of its rule. */
export function answeringName(provider: string, info: ModelInfo): string | undefined {
  return [info.id, ...textsOf(info.match)].find(
    (name) => askCatalogue(provider, name, 0)?.model === info,
  );
}

function textsOf(rule: MatchLogic): string[] {
  if ("or" in rule) return rule.or.flatMap(textsOf);
  if ("and" in rule) return rule.and.flatMap(textsOf);
  return "regex" in rule ? [] : Object.values(rule);
}

function bare(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");
}
