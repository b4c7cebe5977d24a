import type { DuckDBConnection } from "@duckdb/node-api";
import { quoted, quotedName } from "./sql-text.ts";

/** What has a row per span of a trace, with the columns `trace_id` and `started_at`. */
const perSpan: ReadonlySet<string> = new Set([
  "cost_records",
  "repriced_records",
  "spans",
  "calls",
  "span_facts",
]);

/**
 * The same SELECT, which reads fast what it asks of one trace: where it says `trace_id = '…'`, also between which
 * times that trace's spans started.
 *
 * The rows lie in the order of time, so DuckDB then skips nearly all of them; an index of trace ids would take half
 * as much room as the records, and be written anew at each checkpoint. Added only where it is surely true of every
 * row that is asked for: beside `trace_id = '…'` or `trace_id = getvariable('…')`, alone or with AND, in a SELECT from
 * one of our tables alone. What cannot be parsed comes back as it is, for DuckDB to refuse in its own words.
 */
export async function withTraceBounds(connection: DuckDBConnection, sql: string): Promise<string> {
  // To have it parsed and told takes longer than to plan it.
  if (!/trace_id["\s)]*=/i.test(sql)) return sql;
  const bytes = Buffer.from(sql);
  const asked = comparisonsOf(await parsed(connection, sql), bytes.length);
  const parts: Buffer[] = [];
  let end = bytes.length;
  // From the last to the first: what is added moves all behind it.
  for (const comparison of asked.toSorted((a, b) => b.place - a.place)) {
    const bounds = await boundsOf(connection, comparison.value);
    if (bounds === undefined) continue;
    const { place, qualifiers } = comparison;
    const startedAt = [...qualifiers, "started_at"].map(quotedName).join(".");
    const condition = `${startedAt} between timestamp ${quoted(bounds.first)} and timestamp ${quoted(bounds.last)} and `;
    parts.unshift(Buffer.from(condition), bytes.subarray(place, end));
    end = place;
  }
  return Buffer.concat([bytes.subarray(0, end), ...parts]).toString();
}

/** A part of a parsed statement, as DuckDB's `json_serialize_sql` tells of it. */
type Part = { readonly [member: string]: unknown };

async function parsed(connection: DuckDBConnection, sql: string): Promise<unknown> {
  const reader = await connection.runAndReadAll("select json_serialize_sql($sql::varchar)", {
    sql,
  });
  return JSON.parse(String(reader.getRows()[0]?.[0]));
}

/** `trace_id = value`, where it begins in the text, in bytes. */
interface Comparison {
  readonly place: number;
  /** What `trace_id` is qualified with. */
  readonly qualifiers: readonly string[];
  /** The value as SQL. */
  readonly value: string;
}

function comparisonsOf(statement: unknown, length: number): Comparison[] {
  const parts = partsOf(statement);
  const ctes = new Set(parts.flatMap((part) => namesOf(part["cte_map"])));
  return parts
    .filter((part) => part["type"] === "SELECT_NODE")
    .flatMap((part) => {
      const table = tableOf(asPart(part["from_table"]), ctes);
      return table === undefined ? [] : conditionsOf(part["where_clause"], table);
    })
    .filter(({ place }) => place > 0 && place < length);
}

function asPart(value: unknown): Part {
  return typeof value === "object" && value !== null ? (value as Part) : {};
}

/** All parts of a statement. */
function partsOf(statement: unknown): Part[] {
  const found: Part[] = [];
  const waiting = [statement];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (typeof next !== "object" || next === null) continue;
    if (!Array.isArray(next)) found.push(next as Part);
    waiting.push(...Object.values(next));
  }
  return found;
}

/** Names of common table expressions: they may stand in front of our tables. */
function namesOf(cteMap: unknown): string[] {
  const entries = asPart(cteMap)["map"];
  return Array.isArray(entries)
    ? entries.map((entry) => String(asPart(entry)["key"]).toLowerCase())
    : [];
}

/** What a table that has a row per span is called in its SELECT, in lower case. */
function tableOf(from: Part, ctes: ReadonlySet<string>): string | undefined {
  const name = String(from["table_name"]).toLowerCase();
  const isOurs =
    from["type"] === "BASE_TABLE" &&
    perSpan.has(name) &&
    !ctes.has(name) &&
    from["catalog_name"] === "" &&
    from["sample"] === null &&
    Array.isArray(from["column_name_alias"]) &&
    from["column_name_alias"].length === 0;
  return isOurs ? String(from["alias"] || name).toLowerCase() : undefined;
}

/** Comparisons that must hold for every row: the condition itself, or what AND joins. */
function conditionsOf(condition: unknown, table: string): Comparison[] {
  const part = asPart(condition);
  const children = part["children"];
  if (part["type"] === "CONJUNCTION_AND" && Array.isArray(children)) {
    return children.flatMap((child) => conditionsOf(child, table));
  }
  if (part["type"] !== "COMPARE_EQUAL") return [];
  const left = asPart(part["left"]);
  const [column, ...qualifiers] = columnNames(left).toReversed();
  const value = comparedWith(asPart(part["right"]));
  const isTraceId = column === "trace_id" && (qualifiers[0] ?? table) === table;
  if (!isTraceId || value === undefined) return [];
  return [{ place: Number(left["query_location"]), qualifiers: qualifiers.toReversed(), value }];
}

function columnNames(part: Part): string[] {
  const names = part["type"] === "COLUMN_REF" ? part["column_names"] : undefined;
  return Array.isArray(names) ? names.map((name) => String(name).toLowerCase()) : [];
}

function comparedWith(part: Part): string | undefined {
  const constant = asPart(part["value"]);
  if (part["type"] === "VALUE_CONSTANT") {
    return typeof constant["value"] === "string" ? quoted(constant["value"]) : undefined;
  }
  const [argument] = Array.isArray(part["children"]) ? part["children"] : [];
  const variable = asPart(asPart(argument)["value"])["value"];
  return part["function_name"] === "getvariable" && typeof variable === "string"
    ? `getvariable(${quoted(variable)})`
    : undefined;
}

/** Between which times a trace's spans started, those included that are not settled yet. */
async function boundsOf(
  connection: DuckDBConnection,
  value: string,
): Promise<{ readonly first: string; readonly last: string } | undefined> {
  const reader = await connection.runAndReadAll(`
    select min(first_started_at)::varchar, max(last_started_at)::varchar
    from (
        select first_started_at, last_started_at from traces where trace_key = trace_key(${value})
        union all
        select first_started_at, last_started_at from dirty_traces where trace_id = ${value}
    ) bounds`);
  const [first, last] = reader.getRows()[0] ?? [];
  return typeof first === "string" && typeof last === "string" ? { first, last } : undefined;
}
