import type { DuckDBConnection } from "@duckdb/node-api";
import { sizeOf } from "../size-of.ts";
import { quoted, quotedName } from "../sql-text.ts";

/** What a database takes, and what of that is of use. */
export interface Space {
  /** Of the file and of its write-ahead log. */
  readonly fileBytes: number;
  /** What a file would take, about, that held the same and nothing else. */
  readonly liveBytes: number;
}

/** Of these tables whole days are deleted; they hold nearly all that there is. */
const large = ["span_facts", "span_roles", "calls", "traces", "span_prices"] as const;

/**
 * Measures a database after a checkpoint.
 *
 * Deleted rows may still take blocks: those of a group with rows that live, and of a table with an index all of
 * them. So the blocks in use are counted in the proportion in which rows live.
 */
export async function spaceOf(connection: DuckDBConnection, file: string): Promise<Space> {
  const reader = await connection.runAndReadAll("select current_database()");
  const name = String(reader.getRows()[0]?.[0]);
  const sizes = await connection.runAndReadAll(`
    select block_size::double, used_blocks::double
    from pragma_database_size() where database_name = ${quoted(name)}`);
  const [blockBytes, usedBlocks] = (sizes.getRows()[0] ?? []).map(Number);
  let stored = 0;
  let living = 0;
  for (const table of large) {
    const cells = await cellsOf(connection, table);
    stored += cells.stored;
    living += cells.living;
  }
  const share = stored === 0 ? 1 : Math.min(1, living / stored);
  const fileBytes = (await sizeOf(file)) + (await sizeOf(`${file}.wal`));
  return { fileBytes, liveBytes: (blockBytes ?? 0) * (usedBlocks ?? 0) * share };
}

/** Values of a table: those that its file has, and those of them that are not deleted. */
async function cellsOf(
  connection: DuckDBConnection,
  table: string,
): Promise<{ readonly stored: number; readonly living: number }> {
  const reader = await connection.runAndReadAll(`
    select
        (select coalesce(sum(count), 0)::double from pragma_storage_info(${quoted(table)})
            where column_path = '[0]'),
        (select count(*)::double from ${quotedName(table)}),
        (select count(*)::double from pragma_table_info(${quoted(table)}))`);
  const [stored = 0, living = 0, columns = 0] = (reader.getRows()[0] ?? []).map(Number);
  return { stored: stored * columns, living: living * columns };
}
