/** What to do with SQL that is too much for a receiver. Goes on after a semicolon. */
export const onSnapshot =
  'for it, take a snapshot ("spancost snapshot copy.duckdb") and ask that with duckdb';

/** SQL that reads, and calls or reads something that it may not here. Says what, and what to do instead. */
export class RefusedSqlError extends Error {
  override readonly name = "RefusedSqlError";

  constructor(problem: string) {
    super(`${problem}; ${onSnapshot}`);
  }
}

/** A question that took more time or memory than it may, or whose answer is too large. */
export class SqlLimitError extends Error {
  override readonly name = "SqlLimitError";

  constructor(problem: string) {
    super(`${problem}. Ask for less (a shorter window, fewer columns, a limit), or take a snapshot \
and ask that with duckdb`);
  }
}

export function tookTooLong(timeoutMillis: number): SqlLimitError {
  return new SqlLimitError(
    `The question took more than ${timeoutMillis / 1000} s and was broken off`,
  );
}

export function tooLarge(): SqlLimitError {
  return new SqlLimitError("The question takes more memory than it may");
}

/** As many questions as may run at once are running. It is worth asking again soon. */
export class SandboxBusyError extends Error {
  override readonly name = "SandboxBusyError";

  constructor(atOnce: number) {
    super(`${atOnce} questions in SQL are being answered already. Ask again in a few seconds`);
  }
}

/** The receiver is stopping. */
export class SandboxClosedError extends Error {
  override readonly name = "SandboxClosedError";

  constructor() {
    super("The receiver is stopping. Ask again when it runs");
  }
}
