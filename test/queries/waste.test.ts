import { type SpanFacts, type TraceId, traceIdFromHex } from "@spancost/records";
import fc from "fast-check";
import { expect, test } from "vitest";
import { readQueryFile } from "../../packages/store/src/query-files.ts";
import { Store } from "../../packages/store/src/store.ts";
import { deliveriesOf, drafts } from "../settling/traces.ts";
import { ask, emptyDatabase, insert } from "./database.ts";

const columns = [
  "trace_id",
  "span_id",
  "parent_span_id",
  "started_at",
  "record_kind",
  "request_model",
  "status",
  "error_type",
  "usage_quality",
  "retry_count",
  "retry_evidence",
  "cost_usd",
] as const;

type Call = Readonly<Record<(typeof columns)[number], string>>;

/** Records of one trace, of few parents and models, so that they often repeat each other. NULL is null. */
const someCalls = fc.array(
  fc
    .record({
      parent_span_id: fc.constantFrom("NULL", "p1", "p2"),
      started_at: fc.nat({ max: 9 }).map((second) => `2026-11-10 12:00:0${second}`),
      record_kind: fc.constantFrom("model", "model", "model", "tool"),
      request_model: fc.constantFrom("m", "m", "n", "NULL"),
      status: fc.constantFrom("ok", "error"),
      error_type: fc.constantFrom("NULL", "500", "CancelledError"),
      usage_quality: fc.constantFrom("measured", "estimated", "partial", "missing"),
      retry_count: fc.constantFrom("NULL", "0", "1", "2"),
      retry_evidence: fc.constantFrom("explicit", "http"),
      cost_usd: fc.constantFrom("NULL", "1", "0.25", "0.000000000001"),
    })
    // A tool is a record where it has a price.
    .filter(({ record_kind, cost_usd }) => record_kind === "model" || cost_usd !== "NULL"),
  { minLength: 1, maxLength: 10 },
);

test("on random records the ledger is what plain rules make of it, and agrees with retry-waste", async () => {
  let superseded = 0;
  const batches = fc.array(someCalls, { minLength: 120, maxLength: 120 });
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const traces = batch.map((calls, trace) =>
        calls.map((call, nth) => ({ ...call, trace_id: `t${trace}`, span_id: `s${nth}` })),
      );
      const connection = await emptyDatabase();
      const rows = traces.flat().map((call: Call) => columns.map((column) => call[column]));
      await insert(connection, "calls", { columns, rows });

      const ledger = await ask(connection, readQueryFile("waste-ledger").sql, {});
      const found = new Map(
        ledger
          .filter(({ reason }) => ofRecords.includes(String(reason)))
          .map((row) => [
            `${row["reason"]} ${row["certainty"]}`,
            [row["attempts"], row["cost_usd"]],
          ]),
      );
      expect(Object.fromEntries(found)).toEqual(plainLedger(traces));

      const [ours] = await ask(connection, supersededIn["waste-ledger"], {});
      const [theirs] = await ask(connection, supersededIn["retry-waste"], {});
      expect(ours).toEqual(theirs);
      superseded += Number(ours?.["records"]);
    }),
    { numRuns: 2, endOnFailure: true },
  );
  expect(superseded).toBeGreaterThan(30);
});

/** What the queries say of superseded attempts in all. */
const supersededIn = {
  "waste-ledger": `
    select sum(attempts) as records, sum(cost_usd) as cost_usd, sum(unpriced_calls) as unpriced_records
    from (${readQueryFile("waste-ledger").sql.replace(/;$/, "")})
    where reason = 'superseded_attempt'`,
  "retry-waste": `
    select
      sum(superseded_records) as records,
      sum(superseded_cost_usd) as cost_usd,
      sum(superseded_unpriced_records) as unpriced_records
    from (${readQueryFile("retry-waste").sql.replace(/;$/, "")})`,
};

const ofRecords = ["superseded_attempt", "fallback", "aborted_stream", "failed_after_billing"];

/** What waste-ledger says of records, by reason and certainty: how many, and their cost. */
function plainLedger(
  traces: readonly (readonly Call[])[],
): Record<string, [string, string | null]> {
  const sums: Record<string, { attempts: number; pico: bigint | null }> = {};
  for (const call of traces.flat()) {
    const reason = reasonOf(call, traces.find((calls) => calls.includes(call)) ?? []);
    if (reason === undefined) continue;
    const key = `${reason} ${certaintyOf(call)}`;
    const { attempts, pico } = sums[key] ?? { attempts: 0, pico: null };
    const cost = call.cost_usd === "NULL" ? pico : (pico ?? 0n) + picoOf(call.cost_usd);
    sums[key] = { attempts: attempts + 1, pico: cost };
  }
  return Object.fromEntries(
    Object.entries(sums).map(([key, { attempts, pico }]) => [
      key,
      [String(attempts), pico === null ? null : textOf(pico)],
    ]),
  );
}

function reasonOf(call: Call, calls: readonly Call[]): string | undefined {
  const failed = call.status === "error";
  const cutOff = call.error_type === "CancelledError" || call.usage_quality === "partial";
  const siblings = calls
    .filter(
      (other) => other.record_kind === "model" && other.parent_span_id === call.parent_span_id,
    )
    .toSorted((a, b) => compare(a.started_at, b.started_at) || compare(a.span_id, b.span_id));
  if (call.record_kind === "model" && call.parent_span_id !== "NULL") {
    const same = siblings.filter((other) => other.request_model === call.request_model);
    const next = same[same.indexOf(call) + 1];
    const counted = call.retry_evidence === "explicit" && next?.retry_evidence === "explicit";
    const retried =
      counted &&
      call.retry_count !== "NULL" &&
      next.retry_count !== "NULL" &&
      next.retry_count > call.retry_count;
    if (next !== undefined && (failed || retried)) return "superseded_attempt";
    // Each takes a second.
    const follower = siblings.find((other) => other.started_at > call.started_at);
    const models = [follower?.request_model ?? "NULL", call.request_model];
    const other = !models.includes("NULL") && models[0] !== models[1];
    if ((failed || cutOff) && other) return "fallback";
  }
  if (cutOff || call.usage_quality === "missing") return "aborted_stream";
  return failed ? "failed_after_billing" : undefined;
}

function certaintyOf(call: Call): string {
  if (call.cost_usd === "NULL") return "unknown";
  return call.usage_quality === "measured" ? "measured" : "estimated";
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function picoOf(usd: string): bigint {
  const [whole = "", fraction = ""] = usd.split(".");
  return BigInt(whole + fraction.padEnd(12, "0"));
}

function textOf(pico: bigint): string {
  const digits = String(pico).padStart(13, "0");
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}

test("on random traces the attempts that retry_count counts are found among the spans", async () => {
  let retries = 0;
  let untold = 0;
  const batches = fc.array(drafts, { minLength: 250, maxLength: 250 });
  await fc.assert(
    fc.asyncProperty(batches, async (batch) => {
      const store = await Store.open(":memory:");
      try {
        await store.append(
          batch.flatMap((draft, index) => deliveriesOf(draft, traceId(index)).map(unstated)),
        );
        const ledger = await store.readRows(readQueryFile("waste-ledger").sql);
        const counts = await store.readRows(
          "select sum(retry_count)::bigint as n from cost_records",
        );
        retries += Number(counts.rows[0]?.["n"]);
        untold += ledger.rows
          .filter(({ reason }) => reason === "untold_attempt")
          .reduce((sum, { attempts }) => sum + Number(attempts), 0);
      } finally {
        await store.close();
      }
    }),
    { numRuns: 8, endOnFailure: true },
  );
  expect(retries).toBeGreaterThan(500);
  // Where spans are their own ancestors the two do not agree whose request it was.
  expect(untold).toBeLessThan(retries / 50);
});

/** The span without what it states of retries itself, and with a status where it failed. */
function unstated(span: SpanFacts): SpanFacts {
  return { ...span, statedRetryCount: undefined, errorType: span.failed ? "429" : undefined };
}

function traceId(index: number): TraceId {
  const id = traceIdFromHex((index + 1).toString(16).padStart(32, "0"));
  if (id === undefined) throw new Error(`${index} makes no trace id`);
  return id;
}
