import type { DuckDBConnection } from "@duckdb/node-api";
import type { AppliedSegment } from "./contents.ts";

/** Lets `write` write spans, and writes how far the journal is applied with them, in one transaction. */
export async function commitFacts(
  writer: DuckDBConnection,
  write: (writer: DuckDBConnection) => Promise<void>,
  applied: readonly AppliedSegment[],
): Promise<void> {
  await writer.run("begin");
  try {
    await write(writer);
    for (const { segment, bytes, complete } of applied) {
      await writer.run("delete from journal_applied where segment = $segment", { segment });
      await writer.run("insert into journal_applied values ($segment, $bytes, $complete)", {
        segment,
        bytes,
        complete,
      });
    }
    await writer.run("commit");
  } catch (error) {
    await writer.run("rollback").catch(() => undefined);
    throw error;
  }
}
