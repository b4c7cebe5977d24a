import type { DuckDBConnection } from "@duckdb/node-api";

/** A file that DuckDB opens and no spancost made. Nothing is changed in it. */
export class ForeignDatabaseError extends Error {
  override readonly name = "ForeignDatabaseError";

  constructor(file: string) {
    super(
      `${file} is no database of spancost's: something else made what is in it. Name another file with --db`,
    );
  }
}

/**
 * Whether others' tables are in the database, and none of ours: opening makes ours, and somebody may have named a file
 * of another program's. A Parquet or CSV file is a view to DuckDB, in a database in memory.
 */
export async function isForeign(connection: DuckDBConnection): Promise<boolean> {
  const reader = await connection.runAndReadAll(`
    with names as (
        select table_name as name from duckdb_tables() where database_name = current_database() and not internal
        union all
        select view_name from duckdb_views() where database_name = current_database() and not internal
    )
    select count(*) > 0 and count(*) filter (name = 'schema_version') = 0 from names`);
  return reader.getRows()[0]?.[0] === true;
}
