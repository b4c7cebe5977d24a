import type { DuckDBConnection } from "@duckdb/node-api";

/** Runs `act` in a transaction of `connection`, which takes place whole or, where it throws, not at all. */
export async function inTransaction<Result>(
  connection: DuckDBConnection,
  act: () => Promise<Result>,
): Promise<Result> {
  await connection.run("begin");
  try {
    const result = await act();
    await connection.run("commit");
    return result;
  } catch (error) {
    await connection.run("rollback").catch(() => undefined);
    throw error;
  }
}
