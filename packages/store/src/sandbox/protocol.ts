import { NotAQueryError, SqlError, type Variables } from "../query.ts";
import type { Rows } from "../rows.ts";
import type { SqlValue } from "../sql-value.ts";
import { RefusedSqlError, SqlLimitError } from "./errors.ts";
import type { SandboxLimits } from "./limits.ts";

/** From the receiver to the process: one question, once the one before is answered. */
export interface Question {
  /** A copy of the database that nobody writes to; left out: the SQL is only looked at. */
  readonly file?: string;
  readonly sql: string;
  readonly variables: Variables;
  /** What is left of the question's time, in milliseconds. */
  readonly millis: number;
  readonly limits: SandboxLimits;
}

/** From the process to the receiver: that it is ready; then of each question its columns, rows, and how it ended. */
export type Message =
  | { readonly kind: "ready" }
  | { readonly kind: "columns"; readonly columns: Rows["columns"] }
  | { readonly kind: "rows"; readonly rows: readonly (readonly SqlValue[])[] }
  | { readonly kind: "done" }
  /** It ends itself after this one. */
  | { readonly kind: "out of memory" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** An error, in a form that can be sent. */
export interface Failure {
  readonly name: string;
  readonly message: string;
}

/** Errors that are the asker's to put right. Others are faults, here or there. */
const errors = [NotAQueryError, RefusedSqlError, SqlError, SqlLimitError];

export function toFailure(error: unknown): Failure {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { name, message };
}

/** The error that was sent, of its own class again. */
export function toError({ name, message }: Failure): Error {
  const kind = errors.find((candidate) => candidate.name === name);
  // DuckDB's own words stay as they are: they say what is broken.
  if (kind === undefined) return new Error(name === "Error" ? message : `${name}: ${message}`);
  return Object.assign(Object.create(kind.prototype) as Error, { name, message });
}
