import { DuckDBInstance } from "@duckdb/node-api";
import { quoted } from "./sql-text.ts";

/** A column of a file: DuckDB's name of its type. */
export interface FileColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * Writes rows into a Parquet file, replacing it. Values are texts, which DuckDB casts to the type of their column: a
 * decimal stays exact, an instant is one of UTC without a zone. The same rows give the same bytes.
 *
 * @throws Error where a text is no value of its type, or the file cannot be written
 */
export async function writeParquetFile(
  file: string,
  columns: readonly FileColumn[],
  rows: readonly (readonly (string | null)[])[],
): Promise<void> {
  // One thread: several would finish their row groups in any order.
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const names = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`);
    await connection.run(
      `create table texts (${names.map((name) => `${name} varchar`).join(", ")})`,
    );
    const appender = await connection.createAppender("texts");
    for (const row of rows) {
      for (const value of row) {
        if (value === null) appender.appendNull();
        else appender.appendVarchar(value);
      }
      appender.endRow();
    }
    appender.closeSync();
    const cast = columns.map(({ type }, index) => `${names[index]}::${type} as ${names[index]}`);
    await connection.run(
      `copy (select ${cast.join(", ")} from texts) to ${quoted(file)} (format parquet, compression zstd)`,
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
