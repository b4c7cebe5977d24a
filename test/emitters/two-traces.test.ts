import { expect, test } from "vitest";
import { readQueryFile } from "../../packages/store/src/query-files.ts";
import { answerOf, hasTraces, recordsOf, truths } from "./captures.ts";
import { toldInTwoTraces } from "./known-limits.ts";

const { sql } = readQueryFile("told-in-two-traces");

test.each(Object.keys(toldInTwoTraces))("%s: each call and its cost is found", async (capture) => {
  const records = (await recordsOf([capture])).get(capture) ?? [];
  const calls = truths[capture]?.billable_calls ?? 0;
  expect(records).toHaveLength(2 * calls);
  const { rows } = await answerOf([capture], sql);
  const ofMlflow = records.filter(({ emitter }) => emitter === "mlflow.tracing.provider");
  const cost = ofMlflow.reduce((sum, row) => sum + Number(row["cost_usd"]), 0);
  expect(rows).toMatchObject([
    {
      emitter: "openinference.instrumentation.openai",
      other_emitter: "mlflow.tracing.provider",
      service: "support-api",
      other_service: "support-api",
      calls,
      surplus_cost_usd: cost.toFixed(12),
    },
  ]);
});

test("beside all other captures, which have few ids of answers, nothing else is found", async () => {
  const { rows } = await answerOf(Object.keys(truths).filter(hasTraces), sql);
  const doubled = Object.keys(toldInTwoTraces).map((capture) => truths[capture]?.billable_calls);
  const calls = doubled.reduce<number>((sum, of) => sum + (of ?? 0), 0);
  expect(rows).toMatchObject([{ other_emitter: "mlflow.tracing.provider", calls }]);
});
