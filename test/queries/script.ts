/**
 * Scripts of rows in and rows out, after DuckDB's own `.test` files.
 *
 *     # Words for the reader.
 *
 *     test a title; the database is empty again
 *
 *     calls
 *     trace_id  feature  cost_usd
 *     a         search   1.5
 *
 *     query NAME since=2026-11-10 until=2026-11-11
 *     ----
 *     feature  cost_usd
 *     search   1.500000000000
 *
 * Cells stand two or more blanks apart; NULL is null. A table may name any columns: of `calls`, `spans`,
 * `pricing_runs` and `span_prices` the rest are filled in, of an answer the rest are not looked at. `calls 200`
 * stands for the rows 200 times, `{n}` in them for 1, 2 … An answer of `error` and a message stands for a query that
 * is refused.
 */
export interface ScriptTest {
  readonly title: string;
  readonly steps: readonly Step[];
}

export const filledTables = ["calls", "spans", "pricing_runs", "span_prices"] as const;

export type FilledTable = (typeof filledTables)[number];

export type Step =
  | { readonly kind: "insert"; readonly view: FilledTable; readonly table: Table }
  | {
      readonly kind: "query";
      readonly name: string;
      readonly variables: Variables;
      answer: Answer;
    };

export type Variables = Readonly<Record<string, string>>;

export type Answer =
  | { readonly kind: "rows"; readonly table: Table }
  | { readonly kind: "error"; readonly message: string };

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** The tests of a script, in order. */
export function parseScript(text: string): ScriptTest[] {
  const tests: { title: string; steps: Step[] }[] = [];
  for (const paragraph of paragraphsOf(text)) {
    const [first = "", ...rest] = paragraph;
    const [word = "", ...words] = first.split(" ");
    if (word === "test") tests.push({ title: words.join(" "), steps: [] });
    else if (tests.length === 0) throw new Error(`before the first test: ${first}`);
    else tests.at(-1)?.steps.push(stepOf(word, words, rest));
  }
  return tests;
}

/** Lines between blank ones, comments left out. */
function paragraphsOf(text: string): string[][] {
  const paragraphs: string[][] = [[]];
  for (const line of text.split("\n")) {
    if (line.startsWith("#")) continue;
    if (line.trim() === "") paragraphs.push([]);
    else paragraphs.at(-1)?.push(line.trim());
  }
  return paragraphs.filter((paragraph) => paragraph.length > 0);
}

function stepOf(word: string, words: readonly string[], lines: readonly string[]): Step {
  const view = filledTables.find((table) => table === word);
  if (view !== undefined) {
    return { kind: "insert", view, table: repeated(tableOf(lines), Number(words[0] ?? 1)) };
  }
  const [name = "", ...variables] = words;
  if (word !== "query" || lines[0] !== "----") {
    throw new Error(`none of ${filledTables.join(", ")}, nor "query" and "----" below it: ${word}`);
  }
  return {
    kind: "query",
    name,
    variables: Object.fromEntries(variables.map(variableOf)),
    answer: answerOf(lines.slice(1)),
  };
}

function repeated({ columns, rows }: Table, times: number): Table {
  const copies = Array.from({ length: times }, (_, index) =>
    rows.map((row) => row.map((cell) => cell.replaceAll("{n}", String(index + 1)))),
  );
  return { columns, rows: copies.flat() };
}

function variableOf(text: string): [string, string] {
  const equals = text.indexOf("=");
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function answerOf(lines: readonly string[]): Answer {
  const [first = "", ...rest] = lines;
  if (first === "error") return { kind: "error", message: rest.join("\n") };
  return { kind: "rows", table: tableOf(lines) };
}

function tableOf(lines: readonly string[]): Table {
  const [columns = [], ...rows] = lines.map((line) => line.split(/ {2,}/));
  for (const row of rows) {
    if (row.length !== columns.length) {
      throw new Error(`${columns.length} cells wanted: ${row.join("  ")}`);
    }
  }
  return { columns, rows };
}
