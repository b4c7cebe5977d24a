import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, test } from "vitest";
import { queryFolder } from "../query-files.ts";
import { allowedFunctions, allowedTableFunctions, whyRefused } from "./functions.ts";
import { checkPeoplesSql, serializeSql } from "./gate.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
});

function check(sql: string): Promise<void> {
  return checkPeoplesSql(sql, async (text) => {
    const parsed = await connection.runAndReadAll(`select ${serializeSql}`, { sql: text });
    return String(parsed.getRows()[0]?.[0]);
  });
}

describe("what questions about cost need is let through:", () => {
  const queries = readdirSync(queryFolder).filter((name) => name.endsWith(".sql"));

  test("there are queries to try", () => expect(queries.length).toBeGreaterThan(20));

  test.each(queries)("%s", async (name) => {
    await expect(check(readFileSync(join(queryFolder, name), "utf8"))).resolves.toBeUndefined();
  });

  test.each([
    "select 1",
    "from cost_records",
    "table cost_records",
    "values (1), (2)",
    "(select 1)",
    "select feature, sum(cost_usd) from main.cost_records group by all order by 2 desc limit 10",
    "select date_trunc('hour', started_at) as hour, quantile_cont(duration_ms, 0.95) from spans group by 1",
    "select tags['tenant'], count(distinct user_id) filter (status = 'error') from cost_records group by 1",
    'with a as (select 1), b as (from a) select * from b join A using ("1")',
    "with recursive t as (select 1 as n union all select n + 1 from t where n < 10) from t",
    "select *, row_number() over (partition by model order by started_at) from (select response_model as model, * from cost_records) qualify row_number() over (partition by model) = 1",
    "select * exclude (tags) replace (round(cost_usd, 2) as cost_usd), columns('.*_tokens') from cost_records",
    "pivot cost_records on status in ('ok', 'error') using sum(cost_usd) group by feature",
    "select bit_count(bitstring_agg(told_by & 4095, 0, 4095)) from cost_records",
    "from spike_by(tags['tenant']) order by delta_cost_usd desc",
    "unpivot (select input_tokens, output_tokens from cost_records) on columns(*)",
    "from range(1, 8) t(n), generate_series(1, 3) u(m), unnest([1, 2]) v(k)",
    "select unnest(generate_series(min(started_at), max(started_at), interval 1 day)) from cost_records",
    "select list_transform([1, 2], lambda x: x + 1), [x * 2 for x in [1, 2] if x > 1]",
    "select cost_usd::double / 3, try_cast(user_id as integer), '{\"a\": 1}'::json ->> 'a'",
    "select current_timestamp, started_at at time zone 'Europe/Berlin' from spans",
    "select * from cost_records asof join pricing_runs on started_at >= made_at",
    "from repriced_records using sample 10%",
    "describe cost_records",
    "describe select 1",
    "summarize cost_records",
    "show tables",
    "show all tables",
    "select column_name from information_schema.columns",
    "select * from duckdb_columns() where table_name = 'cost_records'",
    "explain select * from cost_records",
    "  explain analyze\n select 1",
    "explain (format json) select 1",
    "-- what it cost\nselect sum(cost_usd) /* all of it */ from cost_records;",
    "select 'repeat(read_csv)' as \"delete from calls\"",
  ])("%s", async (sql) => {
    await expect(check(sql)).resolves.toBeUndefined();
  });
});

const aSelect = "only a single SELECT can be run here; for anything else use duckdb on a snapshot";

test.each([
  "insert into calls select * from calls",
  "delete from cost_records",
  "select 1; select 2",
  "select 1; delete from calls",
  "copy (select 1) to 'x.csv'",
  "explain analyze delete from calls",
  "explain explain select 1",
  "/* /* */ explain select 1 -- */ delete from calls",
  "pragma database_list",
  "call pragma_version()",
  "set memory_limit = '1TB'",
  "pivot cost_records on status using count(*)",
  "prepare q as select 1",
  "",
  "-- nothing",
  "select 1\0; delete from calls",
])("%j is no single SELECT", async (sql) => {
  await expect(check(sql)).rejects.toThrow(aSelect);
});

const snapshot =
  'for it, take a snapshot ("spancost snapshot copy.duckdb") and ask that with duckdb';

test.each([
  ["select repeat('x', 2000000000)", "repeat() cannot be used here: it makes values of any size"],
  [
    "select feature.REPEAT(9) from spans",
    "repeat() cannot be used here: it makes values of any size",
  ],
  [
    "select sum(1) from read_csv('x.csv')",
    "read_csv() cannot be used here: it reads or writes files",
  ],
  [
    "select (select max(content) from read_text('/etc/passwd'))",
    "read_text() cannot be used here: it reads or writes files",
  ],
  [
    "from query('select 1')",
    "query() cannot be used here: it runs SQL or reads tables that it is given as text",
  ],
  [
    "select current_setting('temp_directory')",
    "current_setting() cannot be used here: it shows or changes how the database is set up",
  ],
  [
    "from duckdb_settings()",
    "duckdb_settings() cannot be used here: it shows or changes how the database is set up",
  ],
  ["select getenv('HOME')", "getenv() is none of the functions that can be used here"],
  ["select system.main.getenv('HOME')", "getenv() is none of the functions that can be used here"],
  [
    "select repeat(cost_usd::varchar, 3) over () from spans",
    "repeat() cannot be used here: it makes values of any size",
  ],
  [
    "select lpad('x', 9) from (select 1) order by rpad('x', 9)",
    "lpad() cannot be used here: it makes values of any size",
  ],
  [
    "select 1 limit (select len(repeat('1', 9)))",
    "repeat() cannot be used here: it makes values of any size",
  ],
  [
    "with a as (select printf('%9d', 1)) select 1",
    "printf() cannot be used here: it makes values of any size",
  ],
  [
    "select 1 from range(len(repeat('1', 9)))",
    "repeat() cannot be used here: it makes values of any size",
  ],
  [
    "select list_transform([1], lambda x: repeat('x', x))",
    "repeat() cannot be used here: it makes values of any size",
  ],
  [
    "select sum(1) filter (len(repeat('1', 9)) > 1)",
    "repeat() cannot be used here: it makes values of any size",
  ],
  ["explain select repeat('x', 9)", "repeat() cannot be used here: it makes values of any size"],
  ["describe select repeat('x', 9)", "repeat() cannot be used here: it makes values of any size"],
  [
    "pivot (select repeat('x', 9) as status) on status in ('x') using count(*)",
    "repeat() cannot be used here: it makes values of any size",
  ],
  [
    "select range(500000000)",
    'range() makes lists of any size and can only be read as a table here ("from range(1, 10)"), or have an interval of hours or more as its step',
  ],
  ["select null::integer[100000]", "types of a fixed size such as INTEGER[3] cannot be used here"],
  [
    "select bitstring_agg(told_by) from cost_records",
    "bitstring_agg() cannot be used here: it makes values of any size",
  ],
  [
    "select bitstring_agg(told_by, 0, 4096) from cost_records",
    "bitstring_agg() cannot be used here: it makes values of any size",
  ],
  [
    "select bitstring_agg(told_by, -1, 5) from cost_records",
    "bitstring_agg() cannot be used here: it makes values of any size",
  ],
  [
    "select bitstring_agg(told_by, 0, told_by) from cost_records",
    "bitstring_agg() cannot be used here: it makes values of any size",
  ],
  [
    "select null::struct(a map(int, double[9][]))",
    "types of a fixed size such as INTEGER[3] cannot be used here",
  ],
  [
    "from 'spans.parquet'",
    "spans.parquet cannot be read here: there are cost_records, spans, repriced_records and pricing_runs",
  ],
  [
    "from calls",
    "calls cannot be read here: there are cost_records, spans, repriced_records and pricing_runs",
  ],
  [
    "from duckdb_settings",
    "duckdb_settings cannot be read here: there are cost_records, spans, repriced_records and pricing_runs",
  ],
  [
    "from other.main.cost_records",
    "other.main.cost_records cannot be read here: there are cost_records, spans, repriced_records and pricing_runs",
  ],
  [
    "select (with calls as (select 1) select 1 from calls) from calls",
    "calls cannot be read here: there are cost_records, spans, repriced_records and pricing_runs",
  ],
  [
    "with a as (from b), c as (select 1) from main.c",
    "main.c cannot be read here: there are cost_records, spans, repriced_records and pricing_runs",
  ],
  [
    "summarize 'x.csv'",
    "x.csv cannot be read here: there are cost_records, spans, repriced_records and pricing_runs",
  ],
  ["show databases", "SHOW of databases cannot be run here"],
  ["select $1", "parameters have no value here: write it into the SQL"],
  [`select 1${" ".repeat(65_536)}`, "SQL of more than 64 KB is not run here"],
])("%s is refused by name", async (sql, problem) => {
  await expect(check(sql)).rejects.toThrow(`${problem}; ${snapshot}`);
});

test("what DuckDB cannot read is told in its own words", async () => {
  await expect(check("select from where")).rejects.toThrow(
    'Parser Error: syntax error at or near "where"',
  );
});

describe("of DuckDB's functions", () => {
  async function engines(kinds: string): Promise<string[]> {
    const { getRows } = await connection
      .runAndReadAll(
        `select distinct lower(function_name) from duckdb_functions() where function_type in (${kinds}) order by 1`,
      )
      .then((reader) => ({ getRows: () => reader.getRows() }));
    return getRows().map(([name]) => String(name));
  }

  test("every one is allowed or refused on purpose", async () => {
    const scalars = await engines("'scalar', 'aggregate', 'macro'");
    const tables = await engines("'table', 'table_macro'");
    expect([scalars.length > 700, tables.length > 80]).toEqual([true, true]);
    const undecided = [
      ...scalars.filter((name) => !allowedFunctions.has(name) && whyRefused(name) === undefined),
      ...tables.filter(
        (name) => !allowedTableFunctions.has(name) && whyRefused(name) === undefined,
      ),
    ];
    expect(undecided).toEqual([]);
  });

  test("none that is allowed is gone, or refused as well", async () => {
    // The first is no function to DuckDB's catalogue; the others are macros of ours.
    const known = ["unnest", "chosen_pricing_run", "is_asked", "period_of", "told_as", "told_tag"];
    const all = new Set([...(await engines("'scalar', 'aggregate', 'macro'")), ...known]);
    expect([...allowedFunctions].filter((name) => !all.has(name))).toEqual([]);
    const tables = new Set([...(await engines("'table', 'table_macro', 'macro'")), "spike_by"]);
    expect([...allowedTableFunctions].filter((name) => !tables.has(name))).toEqual([]);
    expect([...allowedFunctions].filter((name) => whyRefused(name) !== undefined)).toEqual([
      "pg_size_pretty",
      // The aggregate is allowed, the table macro is not.
      "histogram",
    ]);
  });
});
