import { isMap, type Node, type YAMLMap } from "yaml";
import type { CellName } from "../price-card.ts";
import { cellNames } from "../price-card.ts";
import { plainProvider, providerNamed, providerNames } from "../providers.ts";
import type { TieredRate } from "../rates.ts";
import { specialTier, standardTier } from "../service-tier.ts";
import { Fields, keyed, type PlacedText, quoted } from "../yaml/fields.ts";
import { listed, type Problems, suggestion } from "../yaml/problems.ts";
import type { CellShare, ContractPrice, Patterns, Terms } from "./contract.ts";
import { fits } from "./patterns.ts";
import { amountOf, cellNamed, periodOf, rateOf, shareOf, usd } from "./read-values.ts";

const ways = ["discount", "surcharge", "rates", "gpu_hour"] as const;

const keys = ["name", "provider", "model", "account", "region", "tier", "from", "until", ...ways];

/** An entry of `prices`, or `undefined` with problems. */
export function priceOf(
  node: YAMLMap,
  ownProviders: readonly string[],
  problems: Problems,
): ContractPrice | undefined {
  const fields = new Fields(node, keys, problems);
  const price = {
    name: fields.text("name") ?? `line ${problems.lineOf(node)}`,
    provider: providersOf(fields, ownProviders),
    model: patternsOf(fields.texts("model")),
    account: patternsOf(fields.texts("account")),
    region: patternsOf(fields.texts("region")),
    tier: tiersOf(fields),
    ...periodOf(fields),
  };
  const terms = termsOf(fields);
  if (terms === undefined) return undefined;
  if (terms.kind !== "share" && price.model === undefined && price.provider === undefined) {
    return problems.add(node, "say for which model or provider: these prices would be everybody's");
  }
  return { ...price, terms };
}

export function patternsOf(texts: readonly PlacedText[] | undefined): Patterns {
  return texts?.map(({ text }) => text.toLowerCase());
}

/** Ids of the providers we know, and own names as they are. */
export function providersOf(fields: Fields, ownProviders: readonly string[]): Patterns {
  return fields.texts("provider")?.flatMap(({ text, node }) => {
    const name = plainProvider(text);
    if (name.includes("*")) {
      const known = [...providerNames, ...ownProviders];
      if (known.some((each) => fits(name, each))) return [name];
      fields.problems.add(node, `${quoted(text)} fits no provider that is known`);
      return [];
    }
    if (ownProviders.includes(name)) return [name];
    const provider = providerNamed(text);
    if (provider !== undefined) return [provider.id];
    const near = suggestion(name, providerNames);
    const own = `Is it a name of your own? Then list it: "own_providers: [${name.slice(0, 60)}]".`;
    fields.problems.add(node, `no provider is known as ${quoted(text)}.${near} ${own}`);
    return [];
  });
}

function tiersOf(fields: Fields): Patterns {
  return fields.texts("tier")?.flatMap(({ text, node }) => {
    if (text.includes("*")) return [text.toLowerCase().replace(/[\s-]+/g, "_")];
    const tier = specialTier(text) ?? standardTier;
    if (tier !== "other") return [tier];
    fields.problems.add(node, `${quoted(text)} is no service tier: expected a word such as batch`);
    return [];
  });
}

function termsOf(fields: Fields): Terms | undefined {
  const { problems, node } = fields;
  const said = ways.filter((way) => fields.get(way) !== undefined);
  const [way] = said;
  if (way === undefined) {
    if (fields.hasUnknown) return undefined;
    return problems.add(node, `the entry says no price: give it ${listed(ways)}`);
  }
  if (said.length > 1) {
    return problems.add(node, `${said.join(" and ")} cannot be in one entry: make two of it`);
  }
  if (way === "rates") return ratesOf(fields);
  if (way === "gpu_hour") return gpuHourOf(fields);
  return sharesOf(fields, way);
}

function ratesOf(fields: Fields): Terms | undefined {
  const map = fields.map("rates", "{input: 0.10, output: 0.40}");
  if (map === undefined) return undefined;
  const cells = byCell(map, fields.problems, (cell, value) => rateOf(cell, value, fields.problems));
  return { kind: "rates", cells };
}

function sharesOf(fields: Fields, way: "discount" | "surcharge"): Terms | undefined {
  const node = fields.get(way);
  if (node === undefined) return undefined;
  if (isMap(node)) {
    const cells = byCell(node, fields.problems, (_, value) => shareOf(value, way, fields.problems));
    return { kind: "share", cells };
  }
  const share = shareOf(node, way, fields.problems);
  if (share === undefined) return undefined;
  const cells = Object.fromEntries(cellNames.map((name): [CellName, CellShare] => [name, share]));
  return { kind: "share", cells };
}

function byCell<Value extends TieredRate | CellShare>(
  map: YAMLMap,
  problems: Problems,
  read: (cell: CellName, value: Node) => Value | undefined,
): Partial<Record<CellName, Value>> {
  const cells: Partial<Record<CellName, Value>> = {};
  const entries = keyed(map, problems);
  if (entries.length === 0) problems.add(map, `it names nothing: expected ${listed(cellNames)}`);
  for (const { key, value } of entries) {
    const cell = cellNamed(key, problems);
    if (cell === undefined) continue;
    const found = read(cell, value);
    if (cells[cell] !== undefined) problems.add(key, `${cell} is there twice`);
    else if (found !== undefined) cells[cell] = found;
  }
  return cells;
}

/** Calls at a time, in millionths. */
const atOnce = { decimals: 6, most: 1_000_000n, what: "calls", hint: "is it calls in an hour?" };

const gpuCount = { decimals: 0, most: 100_000n, what: "GPUs", hint: "is it a number of GPUs?" };

function gpuHourOf(fields: Fields): Terms | undefined {
  const { problems } = fields;
  const map = fields.map("gpu_hour", "{usd: 2.50, gpus: 2, calls_at_once: 8}");
  if (map === undefined) return undefined;
  const parts = new Fields(map, ["usd", "gpus", "calls_at_once"], problems);
  const price = parts.get("usd");
  if (price === undefined)
    return problems.add(map, "gpu_hour needs usd: what one GPU costs an hour");
  const [gpus, calls] = [parts.get("gpus"), parts.get("calls_at_once")];
  const picoUsd = amountOf(price, usd, problems);
  const count = gpus === undefined ? 1n : amountOf(gpus, gpuCount, problems);
  const microCalls = calls === undefined ? 1_000_000n : amountOf(calls, atOnce, problems);
  if (count === 0n || microCalls === 0n) {
    return problems.add(map, "gpus and calls_at_once must be more than 0");
  }
  if (picoUsd === undefined || count === undefined || microCalls === undefined) return undefined;
  return { kind: "gpu_hour", picoUsd: picoUsd * count, microCalls };
}
