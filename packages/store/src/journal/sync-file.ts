import { open } from "node:fs/promises";

/** Makes durable what is in a file that nobody in this process has open: closing it would drop DuckDB's lock. */
export async function syncFile(file: string): Promise<void> {
  const handle = await open(file, "r+");
  await handle.sync().finally(() => handle.close());
}
