import { rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { type AppliedSegment, appliedOf } from "../contents.ts";
import type { Database } from "../database.ts";
import { segmentsOf } from "../journal/segment.ts";
import { syncFile } from "../journal/sync-file.ts";
import { syncFolder } from "../journal/sync-folder.ts";
import { inScratch } from "../scratch.ts";
import { quoted, quotedName } from "../sql-text.ts";
import type { Retained } from "./retained.ts";

/** Milliseconds to wait for those who use the database, before the file is left as it is for this time. */
const patienceMs = 5_000;
/** How often that is tried: a copy that took minutes is not given up for one long question. */
const mostTries = 12;

/**
 * Tables that follow from the journal: a copy of them from a moment ago is brought up to date by applying it. All
 * others must not have changed since.
 */
const derived: ReadonlySet<string> = new Set([
  "span_facts",
  "dirty_traces",
  "traces",
  "span_roles",
  "calls",
  "label_sets",
  "journal_applied",
]);

/** How it came out. */
export type Compacted = "done" | "in use" | "changed meanwhile";

/** Of each table how many rows, and a sum over all their values. */
type Contents = ReadonlyMap<string, string>;

/**
 * Writes the database into a new file, without what is free in the old one, and puts that in its place.
 *
 * With a journal the copy is made while everything goes on; what came in meanwhile is then applied from the
 * journal again. Without one everybody waits.
 *
 * @throws Error where the copy is not equal; the database is as it was then
 */
export function compact(retained: Retained): Promise<Compacted> {
  const file = join(retained.scratch, "compact.duckdb");
  return inScratch(retained.scratch, async () => {
    await removeCopy(file);
    return compactInto(file, retained).finally(() => removeCopy(file));
  });
}

async function compactInto(file: string, retained: Retained): Promise<Compacted> {
  const { keeper, journalFolder } = retained;
  if (journalFolder === undefined) {
    return exchanged(retained, async (database, moveIn) => {
      await database.connected((connection) => writeCopy(connection, file));
      await moveIn(file);
      return true;
    });
  }
  const copied = await keeper.use((database) =>
    database.connected((connection) => writeCopy(connection, file)),
  );
  return exchanged(retained, async (database, moveIn) => {
    if (!(await canFollow(database.writer, copied, journalFolder))) return false;
    await moveIn(file);
    return true;
  });
}

/** Runs `exchange` while nobody uses the database; what it is given closes that and puts a file in its place. */
async function exchanged(
  { file, keeper, writing }: Retained,
  exchange: (
    database: Database,
    moveIn: (compactFile: string) => Promise<void>,
  ) => Promise<boolean>,
): Promise<Compacted> {
  for (let nth = 0; nth < mostTries; nth++) {
    let isDone = false;
    const wasFree = await keeper.replace(
      (database, close) =>
        writing.exclusive(async () => {
          isDone = await exchange(database, async (compactFile) => {
            await database.checkpoint();
            // A log that stayed behind would be taken for one of the new file.
            if ((await database.logBytes()) > 0) throw new Error(`${file} keeps its log`);
            await close();
            await rename(compactFile, file);
            await syncFolder(dirname(file));
          });
        }),
      patienceMs,
    );
    if (wasFree) return isDone ? "done" : "changed meanwhile";
  }
  return "in use";
}

interface Copied {
  readonly contents: Contents;
  readonly applied: readonly AppliedSegment[];
}

/** Copies the database of `connection`, in one transaction's view of it, and compares all values. */
async function writeCopy(connection: DuckDBConnection, file: string): Promise<Copied> {
  const found = await connection.runAndReadAll("select current_database()");
  const source = String(found.getRows()[0]?.[0]);
  await connection.run(`attach ${quoted(file)} as compact`);
  try {
    await connection.run("begin");
    await connection.run(`copy from database ${quotedName(source)} to compact`);
    const contents = await contentsOf(connection, source);
    const applied = await appliedOf(connection);
    await connection.run("commit");
    await connection.run("checkpoint compact");
    const copied = await contentsOf(connection, "compact");
    for (const [table, wanted] of contents) {
      if (copied.get(table) === wanted) continue;
      throw new Error(`the compact copy of ${table} has ${copied.get(table)}, not ${wanted}`);
    }
    await connection.run("detach compact");
    await syncFile(file);
    return { contents, applied };
  } catch (error) {
    await connection.run("rollback").catch(() => undefined);
    await connection.run("detach compact").catch(() => undefined);
    throw error;
  }
}

async function contentsOf(
  connection: DuckDBConnection,
  database: string,
  without: ReadonlySet<string> = new Set(),
): Promise<Contents> {
  const tables = await connection.runAndReadAll(
    `select table_name from duckdb_tables()
    where database_name = ${quoted(database)} and not internal and not temporary order by table_name`,
  );
  const contents = new Map<string, string>();
  for (const table of tables.getRows().map(([name]) => String(name))) {
    if (without.has(table)) continue;
    const name = `${quotedName(database)}.main.${quotedName(table)}`;
    const sums = await connection.runAndReadAll(
      `select count(*) || ' rows of ' || coalesce(sum(hash(each)), 0) from ${name} each`,
    );
    contents.set(table, String(sums.getRows()[0]?.[0]));
  }
  const run = await connection.runAndReadAll(
    `select coalesce(${quotedName(database)}.main.chosen_pricing_run(), 0)`,
  );
  contents.set("the chosen pricing run", String(run.getRows()[0]?.[0]));
  return contents;
}

/** Whether the journal leads from a copy to what the database holds by now. */
async function canFollow(
  connection: DuckDBConnection,
  { contents, applied }: Copied,
  journalFolder: string,
): Promise<boolean> {
  const reader = await connection.runAndReadAll("select current_database()");
  const now = await contentsOf(connection, String(reader.getRows()[0]?.[0]), derived);
  for (const [table, content] of now) if (contents.get(table) !== content) return false;
  const then = new Map(applied.map((each) => [each.segment, each]));
  const left = new Set<string>(await segmentsOf(journalFolder));
  return (await appliedOf(connection)).every(
    ({ segment, bytes }) => then.get(segment)?.bytes === bytes || left.has(segment),
  );
}

async function removeCopy(file: string): Promise<void> {
  await rm(file, { force: true });
  await rm(`${file}.wal`, { force: true });
}
