import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { makeComparedRecords } from "../compared-records.ts";
import { makeLabelSets, numberLabels } from "../label-sets.ts";
import { markRepeatedAttempts } from "../repeated-attempts.ts";
import { numberTraces } from "../trace-numbers.ts";
import type { Call } from "./calls.ts";
import type { Case } from "./case.ts";
import { billOf } from "./cost.ts";
import { generate } from "./generate.ts";
import { Random } from "./random.ts";
import type { World } from "./world.ts";

/** Columns of the file between generator and database, with their types. */
const columns = {
  trace_id: "varchar",
  span_id: "varchar",
  parent_span_id: "varchar",
  started_us: "bigint",
  service: "varchar",
  environment: "varchar",
  release: "varchar",
  feature: "varchar",
  team: "varchar",
  user_id: "varchar",
  agent: "varchar",
  tool: "varchar",
  prompt_name: "varchar",
  prompt_version: "varchar",
  region: "varchar",
  plan: "varchar",
  operation: "varchar",
  provider: "varchar",
  model: "varchar",
  status: "varchar",
  agent_depth: "integer",
  loop_iteration: "integer",
  retry_count: "integer",
  retry_evidence: "varchar",
  input_tokens: "bigint",
  cache_read_tokens: "bigint",
  cache_write_tokens: "bigint",
  output_tokens: "bigint",
  input_cost: "bigint",
  cache_read_cost: "bigint",
  cache_write_cost: "bigint",
  output_cost: "bigint",
  cost: "bigint",
  causes: "integer",
} as const;

/** What calls are drawn from. */
export type Weeks = Pick<Case, "world" | "planted" | "during" | "end">;

/** A database in memory whose `cost_records` is the case; `planted` says by span which causes cover it. */
export async function databaseOf(one: Case): Promise<DuckDBConnection> {
  const folder = await mkdtemp(join(tmpdir(), "spancost-incident-"));
  try {
    const file = join(folder, "calls.csv");
    await writeCalls(one, file);
    const connection = await (await DuckDBInstance.create(":memory:", { threads: "1" })).connect();
    await connection.run(`create table calls as ${callsSql(one.world, file)}`);
    await markRepeatedAttempts(connection);
    await makeLabelSets(connection);
    await numberLabels(connection);
    await numberTraces(connection);
    await connection.run(`
      create view labelled_records as
      select
          * exclude (causes) replace (
              coalesce(superseded, false) as superseded, coalesce(loop_step, loop_iteration) as loop_step
          ),
          label_set as labels_number
      from calls;
      create view cost_records as select * from labelled_records`);
    await makeComparedRecords(connection);
    return connection;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A SELECT of the calls in a file that `writeCalls` wrote, with the columns of cost records; by time. */
export function callsSql(world: World, file: string): string {
  const types = Object.entries(columns).map(([name, type]) => `'${name}': '${type}'`);
  const usd = (name: string, column: string) =>
    `(${column}::decimal(18, 0) * 0.000000000001)::decimal(18, 12) as ${name}`;
  const regionTag = world.regionIn === "tag" ? "region" : "null";
  return `
    select
        * exclude (started_us, plan, region, model, input_cost, cache_read_cost, cache_write_cost, output_cost, cost, causes),
        ${world.regionIn === "column" ? "region" : "null::varchar"} as region,
        make_timestamp(started_us) as started_at,
        4000.0::double as duration_ms,
        null::varchar as conversation_id,
        map_from_entries(list_filter(
            [{'k': 'region', 'v': ${regionTag}}, {'k': 'plan', 'v': plan}], lambda tag: tag.v is not null
        )) as tags,
        model as request_model,
        model as response_model,
        null::varchar as error_type,
        'measured' as usage_quality,
        null::bigint as reasoning_tokens,
        ${usd("cost_usd", "cost")},
        ${usd("input_cost_usd", "input_cost")},
        ${usd("cache_read_cost_usd", "cache_read_cost")},
        ${usd("cache_write_cost_usd", "cache_write_cost")},
        ${usd("output_cost_usd", "output_cost")},
        case when cost is not null then 0::decimal(18, 12) end as other_cost_usd,
        case when cost is null then 'unknown_model' end as unpriced_reason,
        null::varchar as usage_issue,
        null::varchar as service_tier,
        'model' as record_kind,
        1 as told_by,
        null::boolean as superseded,
        null::integer as loop_step,
        causes
    from read_csv('${file}', header = false, nullstr = '', auto_detect = false, delim = ',', columns = {${types.join(", ")}})
    order by started_at`;
}

/** Writes all calls of a case as CSV. */
export async function writeCalls(one: Weeks, file: string): Promise<void> {
  const stream = createWriteStream(file);
  let lines: string[] = [];
  const causes = one.planted.map(({ cause }) => cause);
  generate(one.world, causes, one.during, { from: 0, to: one.end }, (call) => {
    lines.push(lineOf(one, call));
    if (lines.length < 20_000) return;
    stream.write(`${lines.join("\n")}\n`);
    lines = [];
  });
  stream.end(lines.length === 0 ? "" : `${lines.join("\n")}\n`);
  await finished(stream);
}

function lineOf({ world, planted }: Weeks, call: Call): string {
  const { request, model } = call;
  const { feature } = request;
  const bill = billOf(call);
  const service = world.services[feature.service];
  const lost = new Random(request.key, 51, call.iteration);
  const kept = (value: string | null) => (value === null || lost.chance(world.lost) ? "" : value);
  let covered = 0;
  for (const [index, { cause }] of planted.entries()) if (cause.covers(call)) covered |= 1 << index;
  const isPriced = bill.cost !== undefined;
  return [
    request.key.toString(16).padStart(8, "0").repeat(4),
    call.spanId,
    call.parentSpanId,
    world.start * 1_000 + Math.round(call.at * 3_600_000_000),
    service?.name ?? "",
    kept(request.environment),
    request.release,
    kept(feature.name),
    service?.tellsTeam ? kept(feature.team) : "",
    service?.tellsUser ? kept(request.user) : "",
    call.agent ?? "",
    call.tool ?? "",
    feature.prompt ?? "",
    feature.prompt === null ? "" : kept(request.promptVersion),
    request.region,
    request.plan,
    call.operation,
    model.provider,
    model.name,
    call.failed ? "error" : "ok",
    call.agentDepth,
    call.iteration,
    call.retryCount ?? "",
    call.retryCount === null ? "" : world.retryEvidence,
    bill.input,
    bill.cacheRead,
    bill.cacheWrite,
    bill.output,
    isPriced ? bill.inputCost : "",
    isPriced ? bill.cacheReadCost : "",
    isPriced ? bill.cacheWriteCost : "",
    isPriced ? bill.outputCost : "",
    bill.cost ?? "",
    covered,
  ].join(",");
}
