import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** A variable that a query reads by `getvariable('name')`. */
export interface QueryParam {
  readonly name: string;
  /** DuckDB's name of the type, in lower case. */
  readonly type: string;
  /** In words, what holds while the variable is not set; `undefined` where the query needs it. */
  readonly default: string | undefined;
  readonly help: string;
}

/** A column of a query's answer. */
export interface QueryColumn {
  readonly name: string;
  /** DuckDB's name of the type, in lower case. */
  readonly type: string;
  readonly help: string;
}

/** One file of `queries/`: a question, what it needs and what it answers. */
export interface QueryFile {
  readonly name: string;
  readonly title: string;
  /** Paragraphs that go beyond the title; empty where the title says it all. */
  readonly description: string;
  readonly params: readonly QueryParam[];
  /** Views and tables that the query reads. */
  readonly reads: readonly string[];
  readonly columns: readonly QueryColumn[];
  /** In words, the order of the rows. */
  readonly order: string;
  /** The statement, a single SELECT, without the header. */
  readonly sql: string;
}

/** A file whose header is not as queries/README.md says. */
export class QueryHeaderError extends Error {
  override readonly name = "QueryHeaderError";
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;

  constructor(file: string, line: number, problem: string) {
    super(`${file}, line ${line}: ${problem}`);
    this.file = file;
    this.line = line;
  }
}

/** A name that no file has. */
export class UnknownQueryError extends Error {
  override readonly name = "UnknownQueryError";
  readonly query: string;
  /** Names that may have been meant, nearest first. */
  readonly candidates: readonly string[];

  constructor(query: string, candidates: readonly string[]) {
    const hint = candidates.length > 0 ? `did you mean ${candidates.join(" or ")}? ` : "";
    super(`there is no query "${query}"; ${hint}"spancost query --list" shows all`);
    this.query = query;
    this.candidates = candidates;
  }
}

/** The folder of the package @spancost/queries. */
export const queryFolder = dirname(
  createRequire(import.meta.url).resolve("@spancost/queries/package.json"),
);

/** The names of all queries, in alphabetical order. */
export function queryNames(): string[] {
  return readdirSync(queryFolder)
    .filter((file) => file.endsWith(".sql"))
    .map((file) => file.slice(0, -".sql".length))
    .sort();
}

/**
 * The query called `name`.
 *
 * @throws UnknownQueryError, QueryHeaderError
 */
export function readQueryFile(name: string): QueryFile {
  const names = queryNames();
  if (!names.includes(name)) throw new UnknownQueryError(name, nearest(name, names));
  return parseQueryFile(name, readFileSync(join(queryFolder, `${name}.sql`), "utf8"));
}

/** Blocks of a header; what each holds is in queries/README.md. */
type Block = "params" | "reads" | "returns" | "order";

const blockStart = /^-- (params|reads|returns|order)( +)(.*)$/;

/**
 * Reads a query from the text of its file.
 *
 * @throws QueryHeaderError for the first line that is not as it should be
 */
export function parseQueryFile(name: string, text: string): QueryFile {
  const file = `queries/${name}.sql`;
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("--"));
  const sql = end < 0 ? "" : lines.slice(end).join("\n").trim();
  const header = end < 0 ? lines : lines.slice(0, end);
  const title = titleOf(file, name, header[0] ?? "");
  const firstBlock = header.findIndex((line) => blockStart.test(line));
  const entries = entriesOf(file, header, firstBlock < 0 ? header.length : firstBlock);
  if (sql === "") throw new QueryHeaderError(file, lines.length, "no statement after the header");
  return {
    name,
    title,
    description: header
      .slice(1, firstBlock)
      .map((line) => line.slice(3))
      .join("\n")
      .trim(),
    params: entries.params.map((entry) => paramOf(file, entry)),
    reads: entries.reads.map((entry) => cellsOf(entry)[0] ?? ""),
    columns: entries.returns.map((entry) => columnOf(file, entry)),
    order: entries.order.map((entry) => entry.text).join(" "),
    sql,
  };
}

interface Entry {
  readonly line: number;
  text: string;
}

function titleOf(file: string, name: string, line: string): string {
  const title = line.startsWith(`-- ${name}: `) ? line.slice(name.length + 5).trim() : "";
  if (title !== "") return title;
  throw new QueryHeaderError(file, 1, `starts with "-- ${name}: " and a title, not "${line}"`);
}

/** The entries of each block. A line that is indented further than its block goes on with the one above. */
function entriesOf(
  file: string,
  header: readonly string[],
  from: number,
): Readonly<Record<Block, Entry[]>> {
  const blocks: Record<Block, Entry[]> = { params: [], reads: [], returns: [], order: [] };
  let block: Block = "params";
  let indent = 0;
  for (const [index, line] of header.entries()) {
    if (index < from) continue;
    const start = blockStart.exec(line);
    if (start) {
      block = start[1] as Block;
      indent = `-- ${block}${start[2]}`.length;
      blocks[block].push({ line: index + 1, text: (start[3] ?? "").trim() });
    } else if (line.startsWith("--".padEnd(indent + 1))) {
      const above = blocks[block].at(-1);
      if (above) above.text += ` ${line.slice(indent).trim()}`;
    } else if (line.startsWith("--".padEnd(indent))) {
      blocks[block].push({ line: index + 1, text: line.slice(indent).trim() });
    } else {
      throw new QueryHeaderError(file, index + 1, `belongs to no block: "${line}"`);
    }
  }
  for (const [name, entries] of Object.entries(blocks)) {
    if (entries.length > 0 || name === "params") continue;
    throw new QueryHeaderError(file, header.length, `the header has no "-- ${name}"`);
  }
  return blocks;
}

/** Cells are set apart by two or more blanks, so that one blank can stand within. */
function cellsOf(entry: Entry): string[] {
  return entry.text.split(/ {2,}/);
}

function paramOf(file: string, entry: Entry): QueryParam {
  const [name, type, unset, ...help] = cellsOf(entry);
  if (name === undefined || type === undefined || unset === undefined) {
    throw new QueryHeaderError(
      file,
      entry.line,
      `a parameter is "name  type  default  help", two blanks apart, not "${entry.text}"`,
    );
  }
  return {
    name,
    type,
    default: unset === "required" ? undefined : unset,
    help: help.join(" "),
  };
}

function columnOf(file: string, entry: Entry): QueryColumn {
  const [name, type, ...help] = cellsOf(entry);
  if (name === undefined || type === undefined) {
    throw new QueryHeaderError(
      file,
      entry.line,
      `a column is "name  type  help", two blanks apart, not "${entry.text}"`,
    );
  }
  return { name, type, help: help.join(" ") };
}

/** At most three of `names`: those that contain `name`, then those a few letters away from it. */
function nearest(name: string, names: readonly string[]): string[] {
  return names
    .map((other) => ({ other, letters: other.includes(name) ? 0 : lettersBetween(name, other) }))
    .filter(({ letters }) => letters <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.letters - b.letters)
    .slice(0, 3)
    .map(({ other }) => other);
}

/** Letters to insert, remove or change to make one of the other: the Levenshtein distance. */
function lettersBetween(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, length) => length);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...b].entries()) {
      const change = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(change, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
