import type { Contract, ContractPrice, ModelAlias } from "./contract/contract.ts";
import { anyFits, fitsValue } from "./contract/patterns.ts";
import { askCatalogue, type FoundModel, findModel } from "./find-model.ts";
import { ModelCards, type NamedModel } from "./model-cards.ts";
import { maxModelNameLength, spellingsOf } from "./model-names.ts";
import { plainProvider, providerNamed } from "./providers.ts";
import { type Unpriced, unpriced } from "./unpriced.ts";

/** Everything that the cards of a call depend on but its time. */
export interface CardsAsked {
  readonly provider: string | undefined;
  readonly request: string | undefined;
  readonly response: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
  /** "standard" or a special one. */
  readonly tier: string;
}

/**
 * The cards of the model that a call names, or why there are none.
 *
 * The response's model is priced, since a request may name an alias; where nobody knows it, the request's. At
 * Bedrock the request's comes first, for only it names the inference profile, whose region makes a difference of 10 %.
 */
export function findCards(
  asked: CardsAsked,
  contract: Contract | undefined,
): ModelCards | Unpriced {
  const { request, response } = asked;
  const byRequest = { name: request, by: "request", fellBack: false } as const;
  const byResponse = { name: response, by: "response", fellBack: false } as const;
  const stated = providerNamed(asked.provider);
  const order =
    stated?.id === "aws"
      ? [byRequest, byResponse]
      : [byResponse, { ...byRequest, fellBack: response !== undefined }];
  let reason: Unpriced = unpriced("no_model");
  for (const { name, ...whose } of order) {
    if (name === undefined) continue;
    const model = namedModel(asked, contract, { name: name.trim(), ...whose });
    if (isKnown(model)) return new ModelCards(model);
    reason = model.found.kind === "found" ? reason : model.found;
  }
  return reason;
}

type Whose = Pick<NamedModel, "name" | "by" | "fellBack">;

function namedModel(asked: CardsAsked, contract: Contract | undefined, whose: Whose): NamedModel {
  const alias = aliasOf(asked, contract, whose.name);
  const found =
    alias === undefined
      ? findModel(asked.provider, whose.name)
      : findModel(alias.at ?? asked.provider, alias.is);
  return {
    ...whose,
    provider: providersOf(asked.provider, undefined)[0],
    found,
    isAlias: alias !== undefined,
    tier: asked.tier,
    entries: entriesAbout(asked, contract, found, [whose.name, alias?.is]),
    contractSource: contract === undefined ? "" : `contract@${contract.contractId}`,
  };
}

/** A discount alone makes no price: it takes rates, or a machine's. */
function isKnown({ found, entries }: NamedModel): boolean {
  return found.kind === "found" || entries.some(({ terms }) => terms.kind !== "share");
}

function aliasOf(
  { provider }: CardsAsked,
  contract: Contract | undefined,
  name: string,
): ModelAlias | undefined {
  if (contract === undefined || name.length > maxModelNameLength) return undefined;
  const models = namesOf(name);
  const providers = providersOf(provider, undefined);
  return contract.aliases.find(
    (alias) => anyFits(alias.model, models) && anyFits(alias.provider, providers),
  );
}

function entriesAbout(
  { provider, account, region }: CardsAsked,
  contract: Contract | undefined,
  found: FoundModel | Unpriced,
  names: readonly (string | undefined)[],
): readonly ContractPrice[] {
  if (contract === undefined) return [];
  const known = found.kind === "found" ? found : undefined;
  const providers = providersOf(provider, known);
  const models = names
    .filter((name) => name !== undefined && name !== "" && name.length <= maxModelNameLength)
    .flatMap((name) => namesOf(name ?? ""));
  if (models.length === 0) return [];
  if (known !== undefined) models.push(...idsOf(known));
  return contract.prices.filter(
    (entry) =>
      anyFits(entry.provider, providers) &&
      anyFits(entry.model, models) &&
      fitsValue(entry.account, account) &&
      fitsValue(entry.region, region),
  );
}

/** The names that an entry may call a model by: as the call has it, without routes and paths, and the catalogue's. */
function namesOf(name: string): string[] {
  return [name, ...spellingsOf(name)].map((each) => each.toLowerCase());
}

function idsOf({ provider, asked }: FoundModel): string[] {
  const id = askCatalogue(provider, asked, 0)?.model.id;
  return id === undefined ? [] : [id.toLowerCase()];
}

/** Longer names are no provider's: they are not compared. */
const maxProviderLength = 128;

/**
 * What an entry may call the provider of a call: the provider's id, and the name as the call has it.
 *
 * Where the price is that of another provider than the stated one, whose API others copy, only that one counts:
 * a discount at OpenAI is none on the Claude that answered through an OpenAI client.
 */
function providersOf(stated: string | undefined, found: FoundModel | undefined): string[] {
  const known = providerNamed(stated);
  if (found?.providerBy === "by_model" && known !== undefined) return [found.provider];
  const names = [known?.id, found?.provider];
  if (stated !== undefined && stated.length <= maxProviderLength) names.push(plainProvider(stated));
  return [...new Set(names)].filter((name) => name !== undefined);
}
