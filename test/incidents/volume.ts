// Makes a database of many records, in the store's own schema, to measure `explain` on:
//
//     node --conditions=spancost-source test/incidents/volume.ts --out FILE [--records 1000000] [--days 10] [--users 20000]
//
// The last day has a release whose agents run away. More than a million records are those of a million, ten times and
// so on: with other requests, users and conversations, and minutes apart.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { migrate } from "../../packages/store/src/migrations.ts";
import { numberLabels } from "../label-sets.ts";
import { markRepeatedAttempts } from "../repeated-attempts.ts";
import { numberTraces } from "../trace-numbers.ts";
import { incidentKinds } from "./kinds.ts";
import { Random } from "./random.ts";
import { callsSql, type Weeks, writeCalls } from "./table.ts";
import { drawWorld } from "./world.ts";

const { values } = parseArgs({
  options: {
    out: { type: "string" },
    records: { type: "string", default: "1000000" },
    days: { type: "string", default: "10" },
    users: { type: "string", default: "20000" },
  },
});
if (values.out === undefined) throw new Error("--out takes the file that is to be made");
const [records, days, users] = [values.records, values.days, values.users].map(Number) as [
  number,
  number,
  number,
];
const mostDrawn = 1_000_000;
const times = Math.ceil(records / mostDrawn);

const weeks = drawWeeks();
const folder = await mkdtemp(join(tmpdir(), "spancost-volume-"));
const instance = await DuckDBInstance.create(values.out);
const connection = await instance.connect();
try {
  const file = join(folder, "calls.csv");
  await writeCalls(weeks, file);
  await migrate(connection, values.out);
  await connection.run("set memory_limit = '2GB'");
  await connection.run(`create temp table drawn as ${callsSql(weeks.world, file)}`);
  for (let day = 0; day <= days; day += 1) await insertDay(connection, day);
  await markRepeatedAttempts(connection);
  await numberLabels(connection);
  await numberTraces(connection);
  await connection.run("checkpoint");
} finally {
  connection.closeSync();
  instance.closeSync();
  await rm(folder, { recursive: true });
}

function drawWeeks(): Weeks {
  const drawn = drawWorld(77, days, records / times / days);
  const world = { ...drawn, users };
  const from = (days - 1) * 24;
  const setting = { world, random: new Random(5), from };
  const causes = incidentKinds["runaway loop in a release"]?.(setting) ?? [];
  return {
    world,
    planted: causes.map((cause) => ({ cause, dollars: 0, standardErrors: 0 })),
    during: { from, to: days * 24 },
    end: days * 24,
  };
}

/** The calls of a day, `times` times. Days are inserted one by one, so that the rows lie in the order of time. */
async function insertDay(to: DuckDBConnection, day: number): Promise<void> {
  const start = `timestamp '${new Date(weeks.world.start).toISOString().slice(0, 19)}' + to_days(${day})`;
  await to.run(`
    insert into calls by name
    select
        * exclude (n, causes) replace (
            md5(trace_id || n) as trace_id,
            md5(span_id || n)[:16] as span_id,
            md5(parent_span_id || n)[:16] as parent_span_id,
            user_id || case when n = 0 then '' else '-' || n end as user_id,
            'c-' || (hash(trace_id) % 400000) || '-' || n as conversation_id,
            started_at + to_microseconds(case when n = 0 then 0 else (hash(trace_id, n) % 600000000)::bigint end)
                as started_at
        ),
        'POST /api/' || feature as entry_point,
        md5(parent_span_id || n)[:16] as run_id,
        'openai-v2' as emitter,
        '1.2.3' as emitter_version,
        'genai' as dialect,
        'catalogue' as price_source,
        'genai-prices@0.1.8' as price_id
    from drawn
    cross join range(${times}) as copies(n)
    where started_at >= ${start} and started_at < ${start} + interval 1 day
    order by started_at`);
}
