import { readableTables } from "@spancost/store";
import type { Reader } from "../ports.ts";
import { nearestName } from "../suggest.ts";

/** Names in a hint; more are no help. */
const most = 3;

/**
 * " Did you mean request_model or response_model?" for an error of DuckDB about a column that is not there, or
 * nothing where no column is called alike.
 */
export async function columnHint(message: string, sql: string, reader: Reader): Promise<string> {
  const [, unknown] = /Referenced column "([^"]+)" not found/.exec(message) ?? [];
  if (unknown === undefined) return "";
  const named = readableTables.filter((table) => sql.toLowerCase().includes(table));
  const { rows } = await reader.readRows(
    "select distinct column_name from duckdb_columns() where list_contains(getvariable('tables'), table_name)",
    { tables: named.length === 0 ? readableTables : named },
  );
  const names = likeNames(
    unknown,
    rows.map((row) => String(row["column_name"])),
  );
  return names.length === 0 ? "" : ` Did you mean ${names.join(" or ")}?`;
}

/** Columns that end with the same words, or else have them, shortest first; or the one that is a few letters away. */
export function likeNames(unknown: string, columns: readonly string[]): readonly string[] {
  const word = unknown.toLowerCase();
  const byLength = [...columns].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  for (const isLike of [
    (column: string) => column.endsWith(`_${word}`),
    (column: string) => words(word).every((part) => words(column).includes(part)),
  ]) {
    const like = byLength.filter(isLike);
    if (like.length > 0) return like.slice(0, most);
  }
  const nearest = nearestName(unknown, columns);
  return nearest === undefined ? [] : [nearest];
}

function words(name: string): readonly string[] {
  return name.split("_");
}
