import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import { listed, type Problems, suggestion } from "./problems.ts";

/** The fields of a mapping in the file, of which only known ones may be there, each once. */
export class Fields {
  readonly node: YAMLMap;
  readonly problems: Problems;
  /** There is a key that is not known: what seems to be missing may be meant by it. */
  hasUnknown = false;
  readonly #fields = new Map<string, Node>();

  constructor(node: YAMLMap, known: readonly string[], problems: Problems) {
    this.node = node;
    this.problems = problems;
    for (const { key, value } of keyed(node, problems)) {
      const name = textOf(key);
      if (name === undefined) problems.add(key, `a key must be a text, such as ${known[0]}`);
      else if (!known.includes(name)) {
        const near = suggestion(name, known);
        const choice = near === "" ? ` Known here: ${listed(known)}.` : near;
        problems.add(key, `unknown key ${quoted(name)}.${choice}`);
        this.hasUnknown = true;
      } else if (this.#fields.has(name)) problems.add(key, `${name} is there twice`);
      else this.#fields.set(name, value);
    }
  }

  get(name: string): Node | undefined {
    return this.#fields.get(name);
  }

  /** A text with content. */
  text(name: string): string | undefined {
    const node = this.get(name);
    if (node === undefined) return undefined;
    const text = textOf(node)?.trim();
    if (text !== undefined && text !== "" && text.length <= maxText) return text;
    return this.problems.add(node, `${name} must be a text of up to ${maxText} characters`);
  }

  /** A text or a list of texts, each with content, with its place. */
  texts(name: string): readonly PlacedText[] | undefined {
    const node = this.get(name);
    if (node === undefined) return undefined;
    const items = isSeq(node) ? node.items.filter(isNode) : [node];
    if (items.length === 0) {
      return this.problems.add(node, `${name} is an empty list: leave it out, or name one`);
    }
    return items.flatMap((item) => {
      const text = textOf(item)?.trim();
      if (text !== undefined && text !== "" && text.length <= maxText)
        return [{ text, node: item }];
      this.problems.add(item, `${name} must be a text, or a list of texts such as [a, b]`);
      return [];
    });
  }

  /** The mapping under a name, or `undefined` where there is none. */
  map(name: string, example: string): YAMLMap | undefined {
    const node = this.get(name);
    if (node === undefined || isMap(node)) return node;
    return this.problems.add(node, `${name} must be like ${example}`);
  }

  /** The mappings in the list under a name. */
  maps(name: string): readonly YAMLMap[] {
    const node = this.get(name);
    // A key with nothing behind it is an empty list.
    if (node === undefined || textOf(node) === "") return [];
    if (!isSeq(node)) {
      this.problems.add(node, `${name} must be a list: each entry begins with "- "`);
      return [];
    }
    return node.items.filter(isNode).flatMap((item) => {
      if (isMap(item)) return [item];
      this.problems.add(item, `an entry of ${name} must have keys, such as "- name: …"`);
      return [];
    });
  }
}

/** A text, and where it stands. */
export interface PlacedText {
  readonly text: string;
  readonly node: Node;
}

/** As long as the longest name of a model. */
const maxText = 512;

/** Keys and values of a mapping, as nodes. */
export function keyed(node: YAMLMap, problems: Problems): { key: Node; value: Node }[] {
  return node.items.flatMap(({ key, value }) => {
    if (isNode(key) && isNode(value)) return [{ key, value }];
    problems.add(isNode(key) ? key : node, "a key must be followed by a colon and a value");
    return [];
  });
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "range" in value;
}

/** The text of a scalar exactly as it stands in the file, without quotes. */
export function textOf(node: Node): string | undefined {
  return isScalar(node) && typeof node.value === "string" ? node.value : undefined;
}

/** A text out of the file for a message, not longer than a line. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
