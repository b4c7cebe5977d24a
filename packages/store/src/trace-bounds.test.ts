import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrate } from "./migrations.ts";
import { withTraceBounds } from "./trace-bounds.ts";

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
  await migrate(connection, ":memory:");
  await connection.run(`
    insert into traces by name
    select 'abc' as trace_id, trace_key('abc') as trace_key, timestamp '2026-11-01' as first_started_at, timestamp '2026-11-01 00:00:05.5' as last_started_at,
      3 as spans, 0 as redelivered`);
  await connection.run(
    "insert into dirty_traces values ('abc', timestamp '2026-11-02', timestamp '2026-11-03', 1)",
  );
  await connection.run("set variable trace = 'abc'");
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

/** What stands for the added condition in the tests, `started_at` apart. */
const bounds = " between timestamp '2026-11-01 00:00:00' and timestamp '2026-11-03 00:00:00' and ";

test.each([
  ["select 1 from cost_records where [started_at]trace_id = 'abc'"],
  [
    "select 1 from spans where role = 'tool' and [started_at]trace_id = getvariable('trace') limit 1",
  ],
  [
    "select 1 from main.cost_records c where ([c.started_at]c.trace_id = 'abc') and (team = 'ä' or true)",
  ],
  ["select 'ä🦆' from calls where 'ä' = team and [started_at]trace_id = 'abc' order by 1"],
  [
    "with x as (select * from SPANS where [started_at]TRACE_ID='abc') select * from x where trace_id = 'abc'",
  ],
  [
    "select (select count(*) from spans where [started_at]trace_id = 'abc'), team from cost_records where [started_at]trace_id = 'abc'",
  ],
])("%s", async (marked) => {
  const sql = marked.replaceAll(/\[[a-z._]*\]/g, "");
  const expected = marked.replaceAll(/\[([a-z._]*)\]/g, (_, column: string) => {
    const names = column.split(".").map((name) => `"${name}"`);
    return names.join(".") + bounds;
  });
  const bounded = await withTraceBounds(connection, sql);
  expect(bounded).toBe(expected);
  await connection.run(bounded);
});

test.each([
  ["select 1 from cost_records where trace_id = 'abc' or team = 'search'"],
  ["select 1 from cost_records where not trace_id = 'abc'"],
  ["select 1 from cost_records where trace_id <> 'abc'"],
  ["select 1 from cost_records where trace_id = 'unknown'"],
  ["select 1 from cost_records where trace_id = getvariable('unset')"],
  ["select 1 from cost_records where lower(trace_id) = 'abc'"],
  ["select 1 from cost_records where trace_id = span_id"],
  ["select 1 from cost_records c join spans s using (trace_id) where trace_id = 'abc'"],
  ["select 1 from cost_records c(trace_id) where trace_id = 'abc'"],
  ["with spans as (select 'abc' as trace_id) select 1 from spans where trace_id = 'abc'"],
  [
    "with x as (select 'abc' as trace_id) select 1 from x where exists (from spans s where x.trace_id = 'abc')",
  ],
  ["select 1 from traces where trace_id = 'abc'"],
  ["select count(*) filter (trace_id = 'abc') from cost_records"],
  ["explain select 1 from cost_records where trace_id = 'abc'"],
  ["select from where trace_id = 'abc'"],
  ["-- trace_id"],
  ["select 1 from cost_records"],
])("nothing is added to %s", async (sql) => {
  expect(await withTraceBounds(connection, sql)).toBe(sql);
});
