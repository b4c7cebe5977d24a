import { decodeRequest, encodeRequest, JsonDecoder, ProtobufDecoder } from "@spancost/receiver";
import { keepAttribute } from "@spancost/semconv";
import type { Rows, Store } from "@spancost/store";
import { expect, onTestFinished } from "vitest";
import { Pipeline } from "../../packages/cli/src/wiring.ts";
import { requestOf, type Sent } from "./spans.ts";

export type Row = Rows["rows"][number];

/** What spancost made of what it was sent. */
export interface Booked {
  /** `cost_records` by time; `span` is the short id of the notation. Costs are exact texts, unknown is null. */
  readonly records: readonly Row[];
  /** What each span is, by its short id; of several traces by "trace/span". */
  readonly roles: Readonly<Record<string, unknown>>;
  /** Of all records: how many, their cost, their tokens. */
  readonly total: Row;
}

const recordsSql = `
  select *, ltrim(span_id, '0') as span from cost_records
  order by cost_records.started_at, trace_id, span_id`;

const rolesSql = `
  select
    case when (select count(distinct trace_id) from spans) > 1 then ltrim(trace_id, '0') || '/' else '' end
      || ltrim(span_id, '0') as span,
    role
  from spans order by trace_id, span_id`;

const totalSql = `
  select count(*) as calls, sum(cost_usd)::varchar as cost_usd,
    sum(input_tokens)::bigint as input_tokens, sum(output_tokens)::bigint as output_tokens
  from cost_records`;

/**
 * Sends spans through the real pipeline and reads what was booked.
 *
 * Each time twice: in one request of protobuf; and a span at a time, backwards, in JSON, settled when half of them
 * are there, and then all of them once more. Both must be the same, and hold what holds for every record.
 */
export async function booked(...sent: readonly Sent[]): Promise<Booked> {
  const together = await openStore();
  await deliver(together, encodeRequest(requestOf(sent)), ProtobufDecoder);
  const result = await read(together.store);
  const apart = await openStore();
  for (const [index, each] of sent.toReversed().entries()) {
    await deliver(apart, jsonOf([each]), JsonDecoder);
    if (index === Math.floor(sent.length / 2)) await apart.store.settle();
  }
  await deliver(apart, jsonOf(sent), JsonDecoder);
  expect(await read(apart.store)).toEqual(result);
  for (const record of result.records) expectSound(record);
  return result;
}

/** A pipeline on a database in memory, closed when the test is over. */
export async function openStore(): Promise<Pipeline> {
  const pipeline = await Pipeline.open(":memory:");
  onTestFinished(() => pipeline.store.close());
  return pipeline;
}

async function deliver(
  { read, store }: Pipeline,
  body: Uint8Array,
  OneDecoder: typeof ProtobufDecoder | typeof JsonDecoder,
): Promise<void> {
  const decoder = new OneDecoder({ keepAttribute, read });
  await store.append(decodeRequest(decoder, body).spans);
}

/** Sends one request, as it is, to an open pipeline. */
export async function sendTo(pipeline: Pipeline, ...sent: readonly Sent[]): Promise<void> {
  await deliver(pipeline, encodeRequest(requestOf(sent)), ProtobufDecoder);
}

export async function read(store: Store): Promise<Booked> {
  const [records, roles, total] = [
    await store.readRows(recordsSql),
    await store.readRows(rolesSql),
    await store.readRows(totalSql),
  ];
  return {
    records: records.rows,
    roles: Object.fromEntries(roles.rows.map((row) => [String(row["span"]), row["role"]])),
    total: total.rows[0] ?? {},
  };
}

/** OTLP/JSON writes what JSON has no number for as text. */
function jsonOf(sent: readonly Sent[]): Uint8Array {
  const text = JSON.stringify(requestOf(sent), (_, value: unknown) =>
    typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
  );
  return Buffer.from(text);
}

const costParts = [
  "input_cost_usd",
  "cache_read_cost_usd",
  "cache_write_cost_usd",
  "output_cost_usd",
  "other_cost_usd",
];

/** What holds for every record, whoever sent it. */
function expectSound(record: Row): void {
  const { cost_usd: cost, unpriced_reason: reason } = record;
  expect([record["span"], cost === null]).toEqual([record["span"], reason !== null]);
  const parts = costParts.map((part) => picos(record[part]));
  expect(parts.reduce((sum, part) => sum + part, 0n)).toBe(picos(cost));
  for (const part of parts) expect(part).toBeGreaterThanOrEqual(0n);
}

function picos(usd: unknown): bigint {
  return usd === null ? 0n : BigInt(String(usd).replace(".", ""));
}

/** The named columns of each record. */
export function columns(records: readonly Row[], ...names: readonly string[]) {
  return records.map((record) => names.map((name) => record[name]));
}
