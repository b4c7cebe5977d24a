import { expect, test } from "vitest";
import { readQueryFile } from "../../packages/store/src/query-files.ts";
import { ask, emptyDatabase } from "./database.ts";

test("10,000 users with 40 requests of $0.015 each cost $0.60 per user and $6,000 in all", async () => {
  const connection = await emptyDatabase();
  // 3,000 tokens in at $3.00 and 400 out at $15.00 per million
  await connection.run(`
    insert into calls by name
    select
      'trace' || nth as trace_id, 'span' || nth as span_id, 'user' || nth % 10000 as user_id,
      timestamp '2026-11-01' + to_seconds(nth) as started_at,
      'chat' as feature, 'model' as record_kind, 'ok' as status, 'measured' as usage_quality,
      1000 as duration_ms, 0 as agent_depth, 1 as told_by, 3000 as input_tokens, 400 as output_tokens,
      3000 * 0.000003 + 400 * 0.000015 as cost_usd
    from range(400000) as calls(nth)`);
  const [total, chat] = await ask(connection, readQueryFile("cost-per-user").sql, {});
  expect(total).toMatchObject({
    value: "(total)",
    users: "10000",
    requests: "400000",
    requests_per_user: 40,
    cost_usd: "6000.000000000000",
    unpriced_calls: "0",
  });
  expect(total?.["mean_cost_per_user_usd"]).toBeCloseTo(0.6, 12);
  expect(total?.["mean_cost_per_request_usd"]).toBeCloseTo(0.015, 12);
  expect({ ...chat, value: "(total)" }).toEqual(total);

  const users = await ask(connection, readQueryFile("cost-per-user").sql, {
    dimension: "user_id",
    max_rows: "3",
  });
  expect(users).toHaveLength(4);
  expect(users[1]).toMatchObject({ value: "user0", requests: "40", cost_usd: "0.600000000000" });
});
