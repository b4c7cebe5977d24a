import { Store } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";

let store: Store;
beforeAll(async () => {
  store = await Store.open(":memory:");
});
afterAll(() => store.close());

const text = "VARCHAR";
const tokens = "BIGINT";
const usd = "DECIMAL(18,12)";

/** What people's scripts rely on. More columns may come after these; none of these changes. */
const columns: readonly (readonly [name: string, type: string])[] = [
  ["trace_id", text],
  ["span_id", text],
  ["parent_span_id", text],
  ["started_at", "TIMESTAMP"],
  ["duration_ms", "DOUBLE"],
  ["service", text],
  ["environment", text],
  ["release", text],
  ["feature", text],
  ["team", text],
  ["user_id", text],
  ["conversation_id", text],
  ["agent", text],
  ["tool", text],
  ["prompt_name", text],
  ["prompt_version", text],
  ["tags", "MAP(VARCHAR, VARCHAR)"],
  ["operation", text],
  ["provider", text],
  ["request_model", text],
  ["response_model", text],
  ["status", text],
  ["error_type", text],
  ["emitter", text],
  ["emitter_version", text],
  ["dialect", text],
  ["agent_depth", "INTEGER"],
  ["loop_iteration", "INTEGER"],
  ["retry_count", "INTEGER"],
  ["retry_evidence", text],
  ["usage_quality", text],
  ["input_tokens", tokens],
  ["cache_read_tokens", tokens],
  ["cache_write_tokens", tokens],
  ["output_tokens", tokens],
  ["reasoning_tokens", tokens],
  ["cost_usd", usd],
  ["input_cost_usd", usd],
  ["cache_read_cost_usd", usd],
  ["cache_write_cost_usd", usd],
  ["output_cost_usd", usd],
  ["other_cost_usd", usd],
  ["unpriced_reason", text],
  ["usage_issue", text],
  ["reported_cost_usd", usd],
  ["price_source", text],
  ["price_id", text],
  ["priced_at", "TIMESTAMP"],
];

test("cost_records has the columns that scripts rely on, in this order", async () => {
  const { columns: found } = await store.readRows("select * from cost_records");
  expect(found.slice(0, columns.length).map(({ name, type }) => [name, type])).toEqual(columns);
});

test("spans says of each span its role and which call it tells of", async () => {
  const { columns: found } = await store.readRows("select * from spans");
  const names = found.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["trace_id", "span_id", "role", "counted_as"]));
});
