import type { DuckDBConnection } from "@duckdb/node-api";
import { rowsOf } from "./rows.ts";

/** A contract file as it was loaded. */
export interface StoredContract {
  /** First 12 hex digits of the SHA-256 of its text. */
  readonly contractId: string;
  readonly fileName: string;
  readonly text: string;
}

/** Keeps a contract as the newest. Those before it stay, so that what they priced can be explained. */
export async function saveContract(
  connection: DuckDBConnection,
  { contractId, fileName, text }: StoredContract,
): Promise<void> {
  await connection.run(
    `insert into contracts (contract_id, loaded_at, file_name, text)
    values ($contractId, current_timestamp at time zone 'UTC', $fileName, $text)`,
    { contractId, fileName, text },
  );
}

/** The contract that was loaded last, or `undefined` where none ever was. */
export async function newestContract(
  connection: DuckDBConnection,
): Promise<StoredContract | undefined> {
  const { rows } = await rowsOf(
    await connection.run(
      "select contract_id, file_name, text from contracts order by rowid desc limit 1",
    ),
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    contractId: String(row["contract_id"]),
    fileName: String(row["file_name"]),
    text: String(row["text"]),
  };
}
