// Reads back the copy of a database that it is given. Started by `read-back.ts`.
import { constants, setPriority } from "node:os";
import { DuckDBInstance } from "@duckdb/node-api";
import { type Contents, contentsOf } from "./contents.ts";

async function read(file: string): Promise<Contents> {
  const instance = await DuckDBInstance.create(file, { threads: "1", memory_limit: "128MB" });
  const connection = await instance.connect();
  await connection.run("checkpoint");
  const tables = await connection.runAndReadAll(
    "select table_name from duckdb_tables() where not temporary and not internal",
  );
  for (const [table] of tables.getRows()) {
    await connection.run(`select max(hash(t)) from "${String(table)}" t`);
  }
  const contents = await contentsOf(connection);
  connection.closeSync();
  instance.closeSync();
  return contents;
}

try {
  // Nobody waits for it.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
} catch {
  // Not everywhere may a process say so.
}
try {
  process.stdout.write(JSON.stringify(await read(String(process.argv[2]))));
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
