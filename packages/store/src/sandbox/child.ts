// The process that people's SQL runs in. Started by `query-process.ts`; answers one question at a time, and ends
// with the receiver that started it.
import { DuckDBInstance, type DuckDBPreparedStatement } from "@duckdb/node-api";
import { reading, SqlError } from "../query.ts";
import { toSqlValue } from "../sql-value.ts";
import { SqlLimitError, tookTooLong, tooLarge } from "./errors.ts";
import { checkPeoplesSql, serializeSql } from "./gate.ts";
import { guardProcess } from "./guard.ts";
import type { SandboxLimits } from "./limits.ts";
import { openCopy } from "./open-copy.ts";
import { type Message, type Question, toFailure } from "./protocol.ts";

/** Reads SQL without any table. */
const parser = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();

/** The copy that is open, kept for the next question on it. */
let open: { readonly file: string; readonly instance: DuckDBInstance } | undefined;

function send(message: Message): Promise<void> {
  return new Promise((resolve, reject) => {
    process.send?.(message, undefined, {}, (error) => (error === null ? resolve() : reject(error)));
  });
}

/** Answers, and never rejects but where the receiver is gone. */
async function answer(question: Question): Promise<void> {
  try {
    await check(question.sql);
    if (question.file !== undefined) await run(await instanceOf(question.file, question), question);
    await send({ kind: "done" });
  } catch (error) {
    await send({ kind: "failed", failure: toFailure(inOurWords(error, question.limits)) });
  }
}

function check(sql: string): Promise<void> {
  return checkPeoplesSql(sql, async (text) => {
    const parsed = await parser.runAndReadAll(`select ${serializeSql}`, { sql: text });
    return String(parsed.getRows()[0]?.[0]);
  });
}

async function instanceOf(file: string, { limits }: Question): Promise<DuckDBInstance> {
  if (open?.file === file) return open.instance;
  open?.instance.closeSync();
  open = undefined;
  const instance = await openCopy(file, limits);
  open = { file, instance };
  return instance;
}

async function run(
  instance: DuckDBInstance,
  { sql, variables, millis, limits }: Question,
): Promise<void> {
  const connection = await instance.connect();
  const tooLate = setTimeout(() => connection.interrupt(), millis);
  try {
    await reading(connection, sql, variables, (statement) => sendRows(statement, limits));
  } finally {
    clearTimeout(tooLate);
    connection.closeSync();
  }
}

/**
 * Sends what a statement gives, chunk by chunk, unless it is too much.
 *
 * Not streamed: a stream that is interrupted, or comes upon a value that it cannot convert, ends as if there were no more rows.
 */
async function sendRows(statement: DuckDBPreparedStatement, limits: SandboxLimits): Promise<void> {
  if (statement.columnCount > limits.columns) {
    throw new SqlLimitError(`The answer has more than ${limits.columns} columns`);
  }
  const result = await statement.run();
  const columns = result
    .columnNames()
    .map((name, index) => ({ name, type: String(result.columnType(index)) }));
  await send({ kind: "columns", columns });
  const maxRows = Math.min(limits.rows, Math.floor(limits.values / Math.max(1, columns.length)));
  let rows = 0;
  let bytes = 0;
  for await (const chunk of result) {
    rows += chunk.rowCount;
    if (rows > maxRows) {
      throw new SqlLimitError(`The answer has more than ${maxRows.toLocaleString("en-US")} rows`);
    }
    const values = chunk.getRows().map((row) => row.map(toSqlValue));
    for (const row of values) bytes += jsonLength(row);
    if (bytes > limits.resultBytes) {
      throw new SqlLimitError(`The answer has more than ${limits.resultBytes / 1e6} MB`);
    }
    await send({ kind: "rows", rows: values });
  }
}

function jsonLength(row: readonly unknown[]): number {
  return JSON.stringify(row, (_key, value) => (typeof value === "bigint" ? String(value) : value))
    .length;
}

/** An error of the engine that is a limit of ours, in our words. */
function inOurWords(error: unknown, limits: SandboxLimits): unknown {
  if (!(error instanceof SqlError)) return error;
  if (/^INTERRUPT Error/.test(error.message)) return tookTooLong(limits.timeoutMillis);
  return /^Out of Memory Error|bad_alloc/i.test(error.message) ? tooLarge() : error;
}

guardProcess(Number(process.argv[2]), () => send({ kind: "out of memory" }));
// A receiver that is killed leaves no question running behind it.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.on("message", (question) => {
  answer(question as Question).catch(() => process.kill(process.pid, "SIGKILL"));
});
await send({ kind: "ready" });
