import { DuckDBConnection } from "@duckdb/node-api";
import { Store } from "@spancost/store";

/**
 * Opens a database, `FILE KILL`, in a process of its own that kills itself before the statement of that number, from 0:
 * scripts of several are run one by one. One that comes to its end tells how many there were, and which was the first
 * of a transaction: the first of a migration, where there is one.
 */
const [file = "", kill = ""] = process.argv.slice(2);
let done = 0;
let firstBegin: number | undefined;
const run = DuckDBConnection.prototype.run;
DuckDBConnection.prototype.run = async function (sql, ...values) {
  if (values.length > 0) return run.call(this, sql, ...values);
  const statements = await this.extractStatements(sql);
  let result: Awaited<ReturnType<typeof run>> | undefined;
  for (let nth = 0; nth < statements.count; nth++) {
    if (done === Number(kill)) process.kill(process.pid, "SIGKILL");
    if (sql === "begin") firstBegin ??= done;
    done += 1;
    const statement = await statements.prepare(nth);
    result = await statement.run();
  }
  if (result === undefined) throw new Error("there is no statement");
  return result;
};
const store = await Store.open(file);
process.stdout.write(JSON.stringify({ statements: done, firstBegin: firstBegin ?? done }));
await store.close();
