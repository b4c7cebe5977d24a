import { readFileSync } from "node:fs";

/** Code blocks of a page that are in `language`, in order. */
export function snippetsIn(page: string, language: string): readonly string[] {
  const blocks = readFileSync(page, "utf8").matchAll(/```(\w+)\n(.*?)```/gs);
  return [...blocks].filter(([, of]) => of === language).map(([, , code = ""]) => code);
}

/** The one block that has `text` in it. */
export function snippetWith(page: string, language: string, text: string): string {
  const found = snippetsIn(page, language).filter((code) => code.includes(text));
  if (found.length !== 1) throw new Error(`${found.length} snippets with "${text}" in ${page}`);
  return found[0] ?? "";
}

/** The same code as CommonJS: imports of names become destructured `require`s. */
export function asCommonJs(code: string): string {
  return code
    .replace(/^import (\{[^}]+\}) from (".+");$/gm, "const $1 = require($2);")
    .replace(/^import (\w+) from (".+");$/gm, "const $1 = require($2);");
}
