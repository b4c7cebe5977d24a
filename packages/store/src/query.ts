import {
  type DuckDBConnection,
  type DuckDBPreparedStatement,
  StatementType,
} from "@duckdb/node-api";
import { type Rows, rowsOf } from "./rows.ts";
import { SqlLimitError } from "./sandbox/errors.ts";
import { quoted } from "./sql-text.ts";
import type { SqlValue } from "./sql-value.ts";
import { withTraceBounds } from "./trace-bounds.ts";

/** SQL that would do something else than read. */
export class NotAQueryError extends Error {
  override readonly name = "NotAQueryError";

  constructor() {
    super("only a single SELECT can be run here; for anything else use duckdb on a snapshot");
  }
}

/** SQL that DuckDB refuses, with its own words: what is wrong, and where. */
export class SqlError extends Error {
  override readonly name = "SqlError";

  constructor(cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(message.replace(/^Failed to extract statements: /, "").trim(), { cause });
  }
}

/** Values that an answer may hold: rows times columns. All of it is in memory, several hundred bytes each. */
const maxValues = 4_000_000;

/**
 * Values for a query's variables: what `getvariable('name')` in its SQL gives.
 *
 * Those called `since` or `until`, or so after a prefix, are instants and become timestamps; all other texts
 * stay texts, for a user may well be called like an instant.
 */
export type Variables = Readonly<Record<string, SqlValue | undefined>>;

/**
 * Runs one SELECT with `variables` set.
 *
 * @throws NotAQueryError, SqlError
 */
export function query(
  connection: DuckDBConnection,
  sql: string,
  variables: Variables,
): Promise<Rows> {
  return reading(connection, sql, variables, async (statement) => {
    const maxRows = Math.floor(maxValues / Math.max(1, statement.columnCount));
    let answer = await rowsOf(await statement.stream(), maxRows);
    if (answer.rows.length <= maxRows && (await isAborted(connection))) {
      // Why, only a result that is made whole before it is read tells.
      await connection.run("rollback");
      await connection.run("begin transaction read only");
      answer = await rowsOf(await statement.run(), maxRows);
    }
    if (answer.rows.length > maxRows) {
      throw new Error(
        `The answer has more than ${maxRows.toLocaleString("en-US")} rows of ${statement.columnCount} columns. ` +
          "Add a limit, or take a snapshot and ask it with duckdb.",
      );
    }
    return answer;
  });
}

/** A stream that fails ends as if there were no more rows. Its transaction knows. */
function isAborted(connection: DuckDBConnection): Promise<boolean> {
  return connection.run("select 1").then(
    () => false,
    () => true,
  );
}

/**
 * Prepares one SELECT with `variables` set, and has `read` run it.
 *
 * It is run where nothing can be written, whatever it says: EXPLAIN ANALYZE runs what it explains.
 * @throws NotAQueryError, SqlError
 */
export async function reading<Result>(
  connection: DuckDBConnection,
  sql: string,
  variables: Variables,
  read: (statement: DuckDBPreparedStatement) => Promise<Result>,
): Promise<Result> {
  const settings = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [setVariable(name, value)],
  );
  if (!opening.test(withoutComments(sql))) throw new NotAQueryError();
  try {
    if (settings.length > 0) await connection.run(settings.join(";\n"));
    const bounded = await withTraceBounds(connection, sql);
    const statements = await connection.extractStatements(bounded);
    if (statements.count !== 1) throw new NotAQueryError();
    const statement = await statements.prepare(0);
    if (!readingStatements.has(statement.statementType)) throw new NotAQueryError();
    await connection.run("begin transaction read only");
    try {
      return await read(statement);
    } finally {
      await connection.run("rollback").catch(() => undefined);
    }
  } catch (error) {
    const isOurs = error instanceof NotAQueryError || error instanceof SqlLimitError;
    throw isOurs ? error : new SqlError(error);
  }
}

/** How a statement that reads begins. What DuckDB makes of it is checked too, once it has parsed it. */
const opening = /^[\s(]*(select|with|from|values|explain|describe|show|summarize|pivot|unpivot)\b/i;

const readingStatements: ReadonlySet<StatementType> = new Set([
  StatementType.SELECT,
  StatementType.EXPLAIN,
]);

function withoutComments(sql: string): string {
  return sql.replaceAll(/--.*$|\/\*[\s\S]*?\*\//gm, "").trim();
}

function setVariable(name: string, value: SqlValue): string {
  if (!/^[a-z_][a-z0-9_]*$/i.test(name)) throw new Error(`${name} is no name of a variable`);
  const isInstant = typeof value === "string" && instantName.test(name) && isoInstant.test(value);
  const sql = isInstant ? `timestamp ${quoted(value.slice(0, -1))}` : literal(value);
  return `set variable ${name} = ${sql}`;
}

const instantName = /(^|_)(since|until)$/;
const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** `value` as SQL. */
function literal(value: SqlValue): string {
  if (value === null) return "null";
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") throw new Error("a variable holds a scalar or a list");
  return String(value);
}
