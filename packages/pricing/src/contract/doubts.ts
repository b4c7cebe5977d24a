import { isMap, isSeq, type Node, type YAMLMap } from "yaml";
import { modelsOf } from "../candidates.ts";
import { findModel, makers } from "../find-model.ts";
import { isNode, quoted, textOf } from "../yaml/fields.ts";
import { type Problems, suggestion } from "../yaml/problems.ts";
import type { Contract, ContractPrice, Patterns } from "./contract.ts";
import { anyFits } from "./patterns.ts";

/**
 * Adds what is allowed and yet looks like a mistake: a discount on a model, or an alias for one, that neither the
 * catalogue nor the contract itself has a price for. A catalogue of another day may know it, so that it is no error.
 */
export function doubtsOf(contract: Contract, root: YAMLMap, doubts: Problems): void {
  for (const [price, node] of paired(contract.prices, root, "prices")) {
    if (price.terms.kind !== "share") continue;
    for (const model of price.model ?? []) {
      if (model.includes("*") || isPriced(contract, price.provider, model)) continue;
      doubts.add(
        node,
        `nobody has a price for ${quoted(model)} to take the discount off.${near(price.provider, model)}`,
      );
    }
  }
  for (const [alias, node] of paired(contract.aliases, root, "aliases")) {
    const provider = alias.at === undefined ? alias.provider : [alias.at];
    if (isPriced(contract, provider, alias.is)) continue;
    doubts.add(node, `nobody has a price for ${quoted(alias.is)}.${near(provider, alias.is)}`);
  }
}

/** Entries with their places. Only of a file without problems, where there are as many of both. */
function paired<Entry>(
  entries: readonly Entry[],
  root: YAMLMap,
  section: string,
): readonly (readonly [Entry, Node])[] {
  const list = root.items.find(({ key }) => isNode(key) && textOf(key) === section)?.value;
  const nodes = isSeq(list) ? list.items.filter((item) => isMap(item)) : [];
  return entries.flatMap((entry, i) => {
    const node = nodes[i];
    return node === undefined ? [] : [[entry, node] as const];
  });
}

function isPriced(contract: Contract, providers: Patterns, model: string): boolean {
  const names = [model.toLowerCase()];
  const ownRates = ({ terms, model: of }: ContractPrice) =>
    terms.kind !== "share" && anyFits(of, names);
  if (contract.prices.some(ownRates)) return true;
  if (contract.aliases.some((alias) => anyFits(alias.model, names))) return true;
  return (providers ?? [undefined]).some(
    (provider) =>
      provider?.includes("*") === true ||
      findModel(provider, model).kind === "found" ||
      (provider !== undefined && modelsOf(provider).some(({ id }) => id === model)),
  );
}

function near(providers: Patterns, model: string): string {
  const ids = (providers ?? makers).flatMap((provider) => modelsOf(provider).map(({ id }) => id));
  return suggestion(model, ids);
}
