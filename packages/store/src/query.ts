import { type DuckDBConnection, StatementType } from "@duckdb/node-api";
import { type Rows, type SqlValue, toRows } from "./rows.ts";
import { quoted } from "./sql-text.ts";

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

/** Values for a query's variables: what `getvariable('name')` in its SQL gives. */
export type Variables = Readonly<Record<string, SqlValue | undefined>>;

/**
 * Runs one SELECT with `variables` set.
 *
 * @throws NotAQueryError, SqlError
 */
export async function query(
  connection: DuckDBConnection,
  sql: string,
  variables: Variables,
): Promise<Rows> {
  const settings = Object.entries(variables).flatMap(([name, value]) =>
    value === undefined ? [] : [setVariable(name, value)],
  );
  if (!opening.test(withoutComments(sql))) throw new NotAQueryError();
  try {
    for (const setting of settings) await connection.run(setting);
    const statements = await connection.extractStatements(sql);
    if (statements.count !== 1) throw new NotAQueryError();
    const statement = await statements.prepare(0);
    if (!readingStatements.has(statement.statementType)) throw new NotAQueryError();
    return toRows(await statement.runAndReadAll());
  } catch (error) {
    throw error instanceof NotAQueryError ? error : new SqlError(error);
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
  return `set variable ${name} = ${literal(value)}`;
}

const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** `value` as SQL. An instant in RFC 3339 becomes a timestamp: that is what our queries compare it with. */
function literal(value: SqlValue): string {
  if (value === null) return "null";
  if (typeof value === "string") {
    return isoInstant.test(value) ? `timestamp ${quoted(value.slice(0, -1))}` : quoted(value);
  }
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object") throw new Error("a variable holds a scalar or a list");
  return String(value);
}
