import type { QueryEnvelope } from "../commands/query.ts";
import type { Page } from "./table.ts";
import { wrapped } from "./text-width.ts";

/** A wider text is hard to read, however wide the terminal is. */
const mostWidth = 100;

const indent = "    ";

/** True for the list of queries, and for SQL that answers with the same columns. */
export function isQueryList({ query, columns }: QueryEnvelope): boolean {
  return query === null && columns.map(({ name }) => name).join() === "name,title,params";
}

/** A paragraph per query: its name, what it answers, its parameters. Those that only explain asks are counted. */
export function queryList({ rows }: QueryEnvelope, page: Page): string {
  const own = rows.filter(({ name }) => !String(name).startsWith("explain-"));
  const inner = rows.length - own.length;
  const width = Math.min(page.width, mostWidth) - indent.length;
  const paragraphs = own.map(({ name, title, params }) => [
    page.style("bold", String(name)),
    ...wrapped(String(title), width).map((line) => indent + line),
    ...wrapped(String(params), width).map((line) => indent + page.style("dim", line)),
  ]);
  const more = inner === 0 ? [] : [`and ${inner} that explain asks itself: see --json`];
  return [...paragraphs.flat(), ...more].join("\n");
}
