import { createHash } from "node:crypto";
import { isMap, LineCounter, type YAMLMap } from "yaml";
import { catalogueProviderIds, plainProvider, providerNamed } from "../providers.ts";
import { documentOf } from "../yaml/document.ts";
import { Fields, isNode, quoted } from "../yaml/fields.ts";
import { type FileProblem, Problems } from "../yaml/problems.ts";
import type { Contract, ModelAlias, ToolPrice } from "./contract.ts";
import { doubtsOf } from "./doubts.ts";
import { patternsOf, priceOf, providersOf } from "./read-price.ts";
import { amountOf, periodOf, usd } from "./read-values.ts";

/** A contract, or everything that is wrong with its file. */
export type ParsedContract =
  | {
      readonly contract: Contract;
      readonly problems: readonly [];
      /** What is allowed and yet looks like a mistake, such as a discount on a model that nobody knows. */
      readonly warnings: readonly FileProblem[];
    }
  | {
      readonly contract: undefined;
      /** In the order of the file, at most 100. */
      readonly problems: readonly FileProblem[];
      readonly warnings: readonly [];
    };

/** More entries than any agreement has; each is looked at when a new model is met. */
const maxEntries = 1_000;

const sections = ["name", "own_providers", "prices", "tools", "aliases"];

/**
 * The contract in a YAML file's text. Numbers are read as they are written, digit by digit.
 *
 * Never throws: whatever is wrong is in `problems`, all of it at once. An empty file is an empty contract.
 */
export function parseContract(text: string): ParsedContract {
  const lines = new LineCounter();
  const problems = new Problems(lines);
  const failed = (): ParsedContract => ({
    contract: undefined,
    problems: problems.all,
    warnings: [],
  });
  const document = documentOf(text, lines, problems);
  if (document === undefined || problems.all.length > 0) return failed();
  const { contents } = document;
  const isEmpty = contents === null || !isNode(contents);
  if (!isEmpty && !isMap(contents)) {
    problems.add(
      contents,
      'a contract has keys: "prices:", "tools:" or "aliases:", each with a list',
    );
    return failed();
  }
  const contract = isEmpty ? nothing(text) : contractIn(contents, text, problems);
  if (problems.all.length > 0) return failed();
  const doubts = new Problems(lines);
  if (!isEmpty) doubtsOf(contract, contents, doubts);
  return { contract, problems: [], warnings: doubts.all };
}

function idOf(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}

function nothing(text: string): Contract {
  return { contractId: idOf(text), name: undefined, prices: [], tools: [], aliases: [] };
}

function contractIn(root: YAMLMap, text: string, problems: Problems): Contract {
  const fields = new Fields(root, sections, problems);
  const own = (fields.texts("own_providers") ?? []).map((each) => plainProvider(each.text));
  return {
    contractId: idOf(text),
    name: fields.text("name"),
    prices: entries(fields, "prices").flatMap((node) => priceOf(node, own, problems) ?? []),
    tools: entries(fields, "tools").flatMap((node) => toolOf(node, problems) ?? []),
    aliases: aliasesIn(entries(fields, "aliases"), own, problems),
  };
}

function entries(fields: Fields, section: string): readonly YAMLMap[] {
  const all = fields.maps(section);
  const first = all[maxEntries];
  if (first !== undefined) {
    fields.problems.add(
      first,
      `${section} has more than ${maxEntries} entries: use lists and patterns`,
    );
  }
  return all.slice(0, maxEntries);
}

const toolKeys = [
  "name",
  "tool",
  "usd",
  "operation",
  "provider",
  "account",
  "region",
  "from",
  "until",
];

function toolOf(node: YAMLMap, problems: Problems): ToolPrice | undefined {
  const fields = new Fields(node, toolKeys, problems);
  const price = {
    name: fields.text("name") ?? `line ${problems.lineOf(node)}`,
    tool: patternsOf(fields.texts("tool")),
    operation: patternsOf(fields.texts("operation")),
    provider: patternsOf(fields.texts("provider")),
    account: patternsOf(fields.texts("account")),
    region: patternsOf(fields.texts("region")),
    ...periodOf(fields),
  };
  const amount = fields.get("usd");
  if (fields.hasUnknown) return undefined;
  if (price.tool === undefined)
    problems.add(node, "say which tool, as spans name it: tool: web_search");
  if (amount === undefined) {
    return problems.add(node, "say what a use of it costs: usd: 0.01");
  }
  const picoUsd = amountOf(amount, usd, problems);
  return picoUsd === undefined || price.tool === undefined ? undefined : { ...price, picoUsd };
}

function aliasesIn(
  nodes: readonly YAMLMap[],
  own: readonly string[],
  problems: Problems,
): ModelAlias[] {
  const lines = new Map<string, number>();
  return nodes.flatMap((node) => {
    const fields = new Fields(node, ["provider", "model", "is", "at"], problems);
    const provider = providersOf(fields, own);
    const texts = fields.texts("model");
    for (const { text, node: place } of texts ?? []) {
      const key = JSON.stringify([provider, text.toLowerCase()]);
      const line = lines.get(key);
      if (line === undefined) lines.set(key, problems.lineOf(place));
      else problems.add(place, `${quoted(text)} has an alias already, in line ${line}`);
    }
    const is = fields.text("is");
    if (texts === undefined || is === undefined) {
      if (fields.hasUnknown) return [];
      problems.add(
        node,
        "an alias needs model, as spans have it, and is, the model that it is priced as",
      );
      return [];
    }
    return [{ provider, model: patternsOf(texts), is, at: catalogueProviderIn(fields) }];
  });
}

function catalogueProviderIn(fields: Fields): string | undefined {
  const [node, name] = [fields.get("at"), fields.text("at")];
  if (node === undefined || name === undefined) return undefined;
  const provider = providerNamed(name);
  if (provider?.kind === "catalogue") return provider.id;
  const known = `expected one that has prices, such as ${catalogueProviderIds.slice(0, 3).join(", ")}`;
  return fields.problems.add(node, `the catalogue has no provider ${quoted(name)}: ${known}`);
}
