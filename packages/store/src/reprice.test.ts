import { DuckDBInstance } from "@duckdb/node-api";
import { notPriced } from "@spancost/records";
import { expect, test } from "vitest";
import { migrate } from "./migrations.ts";
import { reprice } from "./reprice.ts";

const order = {
  catalogue: "test",
  catalogueSha256: "0",
  contractId: undefined,
  since: undefined,
  until: undefined,
};

test("a run whose reading is broken off is none: half of the spans would be priced anew", async () => {
  const instance = await DuckDBInstance.create(":memory:");
  const [writer, reader] = [await instance.connect(), await instance.connect()];
  await migrate(writer, ":memory:");
  await writer.run(`
    insert into span_facts by name
    select
        uuid()::varchar as trace_id, lpad(n::varchar, 16, '0') as span_id,
        timestamp '2026-11-10 12:00' + to_seconds(n) as started_at, started_at as ended_at,
        'chat' as name, 'call' as node, 'ok' as status, 3 as kind, repeat('m', 100) as request_model,
        false as model_request, false as served_from_cache
    from range(60000) t(n)`);
  let priced = 0;
  const broken = reprice(reader, writer, order, () => {
    priced += 1;
    if (priced === 1) reader.interrupt();
    return notPriced;
  });
  await expect(broken).rejects.toThrow(/INTERRUPT|broken off/);
  const runs = await writer.runAndReadAll("select count(*)::integer from pricing_runs");
  expect(runs.getRows()).toEqual([[0]]);
  expect(await reprice(reader, writer, order, () => notPriced)).toEqual({
    runId: 1,
    spans: 60_000,
  });
});
