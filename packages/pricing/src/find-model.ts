import { calcPrice, findProvider, type PriceCalculation } from "@pydantic/genai-prices";
import { isSure, type MatchedBy, matchedBy } from "./matched-by.ts";
import { maxModelNameLength, namedModels, spellingsOf } from "./model-names.ts";
import { providerNamed } from "./providers.ts";
import { type Unpriced, unpriced } from "./unpriced.ts";

/** A model in the catalogue, and how a name came to it. */
export interface FoundModel {
  readonly kind: "found";
  /** The catalogue's provider id. */
  readonly provider: string;
  /** The name that the catalogue answered to; its own id is not always one. */
  readonly asked: string;
  readonly by: MatchedBy;
  readonly providerBy: "stated" | "by_model";
}

/** Those that make models and sell them themselves. No reseller is ever guessed. */
export const makers: readonly string[] = [
  "openai",
  "anthropic",
  "google",
  "mistral",
  "cohere",
  "deepseek",
  "x-ai",
  "moonshotai",
  "voyageai",
  "minimax",
  "zhipuai",
  "perplexity",
];

/** Whose clients talk to everybody who copies their API, and say the name of their maker all the same. */
const copied: ReadonlySet<string> = new Set(["openai", "anthropic"]);

/**
 * The model that a provider's and a model's name mean in the catalogue.
 *
 * The provider is found by the model's name where the span states none that we know (services put their
 * own name there), or one whose API others copy and who does not know the model. That takes a sure
 * match, since two guesses in a row would be one too many.
 */
export function findModel(provider: string | undefined, model: string): FoundModel | Unpriced {
  const name = model.trim();
  if (name === "") return unpriced("no_model");
  if (name.length > maxModelNameLength) return unpriced("unknown_model");
  const stated = providerNamed(provider);
  if (stated?.kind === "self_hosted") return unpriced("self_hosted");
  if (stated?.kind === "unpriced") return unpriced("unpriced_provider");
  const found = stated === undefined ? undefined : atProvider(stated.id, name);
  if (found !== undefined) return found;
  const mayBeAnother = stated === undefined || copied.has(stated.id);
  return (mayBeAnother ? byName(name) : undefined) ?? unpriced("unknown_model");
}

function atProvider(provider: string, name: string): FoundModel | undefined {
  for (const spelling of spellingsOf(name)) {
    const found = lookUp(provider, spelling, "stated");
    if (found !== undefined) return found;
  }
  return undefined;
}

function byName(name: string): FoundModel | undefined {
  for (const guess of guesses(name)) {
    const found = lookUp(guess.provider, guess.model, "by_model");
    if (found !== undefined && isSure(found.by)) return found;
  }
  return undefined;
}

/** Where a model may come from: what its name gives away, then the catalogue's rules, then its makers. */
function* guesses(name: string): Iterable<{ provider: string; model: string }> {
  yield* namedModels(name);
  const spellings = spellingsOf(name);
  for (const model of spellings) {
    const provider = findProvider({ modelId: model.toLowerCase() });
    if (provider !== undefined) yield { provider: provider.id, model };
  }
  for (const provider of makers) for (const model of spellings) yield { provider, model };
}

function lookUp(
  provider: string,
  name: string,
  providerBy: FoundModel["providerBy"],
): FoundModel | undefined {
  const answer = askCatalogue(provider, name, 0);
  if (answer === undefined) return undefined;
  const by = matchedBy(answer.model, name);
  if (!isSure(by) && isOtherRevision(answer.model.id, name)) return undefined;
  return { kind: "found", provider, asked: name, by, providerBy };
}

/** Bedrock's revisions are models of their own: the rule of Titan's "-v1" fits "-v2:0", which costs a fifth of it. */
function isOtherRevision(id: string, name: string): boolean {
  const [own, asked] = [id, name].map((each) => /-v(\d+)(?::\d+)*$/i.exec(each)?.[1]);
  return own !== undefined && asked !== undefined && own !== asked;
}

/**
 * The catalogue's answer for a model at an instant in milliseconds since 1970.
 *
 * An empty usage: only the match and the rates are of interest, the arithmetic is ours. It throws on
 * data that contradicts itself, which then has no price. `model_price` in it is the catalogue's own
 * object: whoever writes to it changes the price of every later call, so it must be copied.
 */
export function askCatalogue(
  provider: string,
  name: string,
  millis: number,
): PriceCalculation | undefined {
  try {
    const timestamp = new Date(millis);
    return calcPrice({}, name, { providerId: provider, timestamp }) ?? undefined;
  } catch {
    return undefined;
  }
}
