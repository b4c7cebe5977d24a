import { globSync, readFileSync } from "node:fs";
import { DuckDBInstance } from "@duckdb/node-api";

const files = globSync("packages/store/sql/migrations/*.sql").sort();

/** The newest schema version that there is. */
export const newestVersion = files.length;

/** Traces that an old database holds: each a run and a call that costs $1.000000000001. */
export const traces = 40;

/** Makes a database as a spancost of schema `version` left it, in the file format that DuckDB had by default. */
export async function makeOldDatabase(file: string, version: number): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(
    "create table schema_version (version integer not null, applied_at timestamp not null)",
  );
  for (const [index, migration] of files.slice(0, version).entries()) {
    await connection.run(readFileSync(migration, "utf8"));
    await connection.run(`insert into schema_version values (${index + 1}, '2026-01-01')`);
  }
  for (const { from, sql } of content) {
    if (version >= from) await connection.run(sql(version));
  }
  connection.closeSync();
  instance.closeSync();
}

const ids = `
    lpad(hex(nth), 32, '0') as trace_id,
    timestamp '2026-11-01' + nth * interval 1 minute as started_at`;

/** What a version writes; only columns that all versions since have had. */
const content: readonly { readonly from: number; sql(version: number): string }[] = [
  {
    from: 1,
    sql: (version) => `
      insert into span_facts by name
      select ${ids},
          lpad(hex(nth * 2 + which), 16, '0') as span_id,
          case which when 1 then lpad(hex(nth * 2), 16, '0') end as parent_span_id,
          started_at + interval 1500 milliseconds as ended_at,
          ${version < 6 ? "1500 as duration_ms," : ""}
          'a span' as name, 3 as kind, case which when 0 then 'agent' else 'call' end as node, 'ok' as status,
          'checkout' as service, 'search' as feature, map {'plan': 'pro'} as tags,
          false as model_request, false as served_from_cache,
          case which when 1 then 'measured' end as usage_quality,
          case which when 1 then 100 end as input_tokens,
          ${version < 6 ? "case which when 1 then 1.000000000001 end as cost_usd," : ""}
          case which when 1 then 0.4 end as input_cost_usd,
          case which when 1 then 0.600000000001 end as output_cost_usd,
          ${version < 6 ? "case which when 1 then started_at end as priced_at," : ""}
          case which when 1 then 'answer-' || nth end as response_id
      from range(${traces}) t(nth), range(2) w(which)`,
  },
  {
    from: 1,
    sql: (version) => `
      insert into calls by name
      select trace_id, span_id, parent_span_id, started_at,
          (epoch_us(ended_at) - epoch_us(started_at)) / 1000 as duration_ms,
          service, feature, tags, status, 0 as agent_depth, 1 as loop_iteration, usage_quality, input_tokens,
          1.000000000001 as cost_usd, input_cost_usd, output_cost_usd, 1 as told_by,
          parent_span_id as run_id,
          ${version < 6 ? "priced_at, response_id," : ""}
          ${version >= 2 ? "'model' as record_kind" : ""}
      from span_facts where node = 'call'`,
  },
  {
    from: 1,
    sql: (version) => `
      insert into traces by name
      select trace_id, min(started_at) as first_started_at, max(started_at) as last_started_at,
          2 as spans, 0 as redelivered, ${version >= 4 ? "trace_key(trace_id) as trace_key" : ""}
      from span_facts group by trace_id`,
  },
  {
    from: 1,
    sql: () =>
      "insert into span_roles select trace_id, span_id, started_at, 'agent', null from span_facts where node = 'agent'",
  },
  {
    from: 2,
    sql: () =>
      "insert into contracts values ('0123456789ab', '2026-01-02', 'contract.yaml', 'prices: []')",
  },
  { from: 3, sql: () => "insert into journal_applied values ('0000000000-00000000.log', 0, true)" },
  { from: 5, sql: () => "insert into retention values ('2026-10-01', '2026-09-01')" },
];
