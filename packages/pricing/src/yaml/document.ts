import { type Document, isAlias, type LineCounter, parseDocument, visit } from "yaml";
import type { Problems } from "./problems.ts";

/** 1 MiB: thousands of entries. */
const maxBytes = 1 << 20;

/**
 * The parsed file; in the schema "failsafe" every scalar is the text that it is written as. `undefined` or an
 * entry in `problems` where it cannot be read.
 */
export function documentOf(
  text: string,
  lines: LineCounter,
  problems: Problems,
): Document | undefined {
  if (Buffer.byteLength(text) > maxBytes) {
    return problems.add(0, "the file is larger than 1 MiB");
  }
  try {
    const document = parseDocument(text, {
      schema: "failsafe",
      lineCounter: lines,
      // Comparing each key with all others takes minutes in a large file; `Fields` tells what is there twice.
      uniqueKeys: false,
      prettyErrors: false,
      logLevel: "silent",
    });
    for (const { pos, message } of [...document.errors, ...document.warnings]) {
      problems.add(pos[0], message);
    }
    visit(document, (_, node) => {
      if (isAlias(node))
        problems.add(node, "references (*name) are not read here: repeat the value");
    });
    return document;
  } catch {
    return problems.add(0, "the file cannot be read as YAML: it is nested too deeply");
  }
}
