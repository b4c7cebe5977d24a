import { copyFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { syncFile } from "../journal/sync-file.ts";
import { syncFolder } from "../journal/sync-folder.ts";
import { makeFolder } from "../make-folder.ts";
import { quoted } from "../sql-text.ts";

/** What a set of rows holds: equal where the rows are equal, in whatever order. */
export interface Content {
  readonly rows: number;
  /** Of a hash of each row with all its values. */
  readonly hashSum: string;
}

/** The name under which a file says what is in it, in Parquet's own metadata. */
const metadataKey = "spancost_content";

/** What `select`, without a semicolon, gives. */
export async function contentOf(connection: DuckDBConnection, select: string): Promise<Content> {
  const reader = await connection.runAndReadAll(
    `select count(*)::double, coalesce(sum(hash(each)), 0)::varchar from (${select}) each`,
  );
  const [rows, hashSum] = reader.getRows()[0] ?? [];
  return { rows: Number(rows), hashSum: String(hashSum) };
}

export function isEqual(a: Content | undefined, b: Content): boolean {
  return a !== undefined && textOf(a) === textOf(b);
}

/** Writes the rows of `select` into `file`, which lies where SQL may write. */
export async function writeParquet(
  connection: DuckDBConnection,
  select: string,
  content: Content,
  file: string,
): Promise<void> {
  await connection.run(
    `copy (${select}) to ${quoted(file)}
    (format parquet, compression zstd, kv_metadata {${metadataKey}: ${quoted(textOf(content))}})`,
  );
}

/** Reads Parquet files in an engine of its own, which knows nothing of the database that they came from. */
export class ParquetReader {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(): Promise<ParquetReader> {
    const instance = await DuckDBInstance.create(":memory:", {
      threads: "1",
      memory_limit: "256MB",
    });
    return new ParquetReader(instance, await instance.connect());
  }

  /** What a file says that is in it; `undefined` where it is not there, or not whole, or not one of ours. */
  async stated(file: string): Promise<Content | undefined> {
    if (!(await isFile(file))) return undefined;
    try {
      const reader = await this.#connection.runAndReadAll(
        `select decode(value) from parquet_kv_metadata(${quoted(file)})
        where decode(key) = ${quoted(metadataKey)}`,
      );
      const [, rows, hashSum] = /^(\d+) rows, (\d+)$/.exec(String(reader.getRows()[0]?.[0])) ?? [];
      return rows === undefined || hashSum === undefined
        ? undefined
        : { rows: Number(rows), hashSum };
    } catch {
      return undefined;
    }
  }

  /** What is in a file, all of it read. */
  found(file: string): Promise<Content> {
    return contentOf(
      this.#connection,
      `select * from read_parquet(${quoted(file)}, hive_partitioning = false)`,
    );
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

/**
 * Moves a file, also to another disk, so that `to` is there whole and durable or not at all.
 *
 * @param check is given the file where it lies beside `to`; what it throws leaves `to` as it was
 */
export async function moveIn(
  from: string,
  to: string,
  check: (file: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(to);
  await makeFolder(folder);
  const unfinished = `${to}.unfinished`;
  try {
    await rename(from, unfinished).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "EXDEV") throw error;
      await copyFile(from, unfinished);
    });
    await syncFile(unfinished);
    await check(unfinished);
    await rename(unfinished, to);
    await syncFolder(folder);
    await syncFolder(dirname(folder));
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function isFile(file: string): Promise<boolean> {
  return stat(file).then(
    (found) => found.isFile(),
    () => false,
  );
}

function textOf({ rows, hashSum }: Content): string {
  return `${rows} rows, ${hashSum}`;
}
