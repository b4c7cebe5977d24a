import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createReceiver, dropReasons, type Receiver } from "@spancost/receiver";
import { keepAttribute } from "@spancost/semconv";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { storeSink } from "../serving/store-sink.ts";
import { Pipeline } from "../wiring.ts";
import { logEvents } from "./log/events.ts";
import { createLog } from "./log/log.ts";
import { Operation } from "./operation.ts";
import { type ParsedFamily, parseExposition } from "./testing/parse-exposition.ts";

const minute = 60_000;

let folder: string;
let now: number;
let pipeline: Pipeline;
let operation: Operation;
let receiver: Receiver;
let url: string;
let lines: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-operation-"));
  now = Date.parse("2026-11-19T14:10:00Z");
  lines = [];
  pipeline = await Pipeline.open(join(folder, "spans.duckdb"), { journal: true });
  operation = new Operation({
    store: pipeline.store,
    log: createLog({
      out: { write: (text) => lines.push(text), style: (_, text) => text },
      format: "json",
      now: () => now,
    }),
    forwarder: { counters: () => [forwarded] },
    now: () => now,
  });
  receiver = createReceiver({
    keepAttribute,
    read: pipeline.read,
    sink: operation.watchSink(storeSink(pipeline.store)),
    onAnswer: operation.answered,
  });
  url = `http://127.0.0.1:${(await receiver.listen("127.0.0.1", 0)).port}/v1/traces`;
});

afterEach(async () => {
  operation.close();
  await receiver.close();
  await pipeline.store.close();
  rmSync(folder, { recursive: true, force: true });
  expect(lines.filter((line) => line.includes('"error"'))).toEqual([]);
});

const noneDropped = Object.fromEntries(dropReasons.map((reason) => [reason, 0])) as Record<
  (typeof dropReasons)[number],
  number
>;

const forwarded = {
  destination: "http://tempo:4318",
  sentSpans: 3,
  sentRequests: 2,
  retries: 1,
  droppedSpans: { ...noneDropped, queue_full: 4 },
  queuedSpans: 5,
  queuedBytes: 6_000,
  lastError: undefined,
};

interface Call {
  readonly id: number;
  /** Milliseconds before now. */
  readonly ago: number;
  readonly feature?: string;
  readonly model?: string;
  readonly tokens?: number;
}

/** Sends calls that took a second, in one request. */
async function send(calls: readonly Call[], spanIdDigits = 16): Promise<number> {
  const spans = calls.map(({ id, ago, feature, model = "gpt-4o-mini", tokens = 1_000_000 }) => ({
    traceId: String(id + 1).padStart(32, "0"),
    spanId: String(id + 1).padStart(spanIdDigits, "0"),
    name: "chat",
    kind: 3,
    startTimeUnixNano: `${now - ago}000000`,
    endTimeUnixNano: `${now - ago + 1_000}000000`,
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "openai"),
      text("gen_ai.request.model", model),
      ...(feature === undefined ? [] : [text("spancost.feature", feature)]),
      { key: "gen_ai.usage.input_tokens", value: { intValue: String(tokens) } },
      { key: "gen_ai.usage.output_tokens", value: { intValue: "0" } },
    ],
  }));
  const resource = { attributes: [text("service.name", "shop")] };
  const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
  const headers = { "Content-Type": "application/json" };
  return (await fetch(url, { method: "POST", headers, body })).status;
}

function text(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}

async function scrape(): Promise<Map<string, ParsedFamily>> {
  const page = await operation.report("/metrics");
  expect([page?.status, page?.type]).toEqual([200, "text/plain; version=0.0.4; charset=utf-8"]);
  return parseExposition(page?.text ?? "");
}

/** One number of `families`; `undefined` where it is not told. */
function value(families: Map<string, ParsedFamily>, key: string): number | undefined {
  return families.get(key.replace(/\{.*/, ""))?.samples.get(key.includes("{") ? key : `${key}{}`);
}

describe("/metrics", () => {
  test("says what came in and what became of it", async () => {
    await send([{ id: 1, ago: minute }]);
    await send([{ id: 1, ago: minute }], 15);
    await fetch(url, { method: "POST", headers: { "Content-Type": "text/plain" }, body: "x" });
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: "warn", event: "sender.refused", status: 415 }),
    ]);
    const families = await scrape();
    const requests = (encoding: string, format: string, status: number) =>
      `spancost_requests_total{encoding="${encoding}",format="${format}",status="${status}",transport="http"}`;
    expect(value(families, requests("identity", "json", 200))).toBe(2);
    expect(value(families, requests("none", "none", 415))).toBe(1);
    expect(value(families, 'spancost_spans_total{result="stored"}')).toBe(1);
    expect(value(families, 'spancost_spans_total{result="rejected"}')).toBe(1);
    expect(value(families, "spancost_journal_bytes")).toBeGreaterThan(50);
    expect(value(families, "spancost_database_open")).toBe(1);
    expect(value(families, "spancost_snapshot_age_seconds")).toBeUndefined();
    const appends = families.get("spancost_append_seconds")?.samples;
    expect(appends?.get("spancost_append_seconds_count{}")).toBeGreaterThan(0);
  });

  test("tells of format, size and time where the receiver does", async () => {
    const measured = { format: "protobuf", encoding: "gzip", bytes: 512, millis: 7 } as const;
    operation.answered({ transport: "grpc", status: 200, stored: 0, rejected: 0, ...measured });
    const families = await scrape();
    const key = '{encoding="gzip",format="protobuf",status="200",transport="grpc"}';
    expect(value(families, `spancost_requests_total${key}`)).toBe(1);
    expect(value(families, 'spancost_request_bytes_total{transport="grpc"}')).toBe(512);
    const answers = families.get("spancost_answer_seconds")?.samples;
    expect(answers?.get('spancost_answer_seconds_bucket{le="0.01",transport="grpc"}')).toBe(1);
  });

  test("says what was spent by window, exact; a call without a price is not in it", async () => {
    await send([
      // 15 cents per million input tokens.
      { id: 1, ago: minute, feature: "search" },
      { id: 2, ago: 2 * 60 * minute, feature: "search" },
      { id: 3, ago: 20 * 60 * minute },
      { id: 4, ago: 25 * 60 * minute },
      { id: 5, ago: minute, model: "nobodys-model" },
    ]);
    const families = await scrape();
    const windows = ["1h", "24h", "today"];
    const of = (name: string, labels = "") =>
      windows.map((window) => value(families, `${name}{${labels}window="${window}"}`));
    expect(of("spancost_spend_usd")).toEqual([0.15, 0.45, 0.3]);
    expect(of("spancost_unpriced_calls")).toEqual([1, 1, 1]);
    expect(of("spancost_unknown_usage_calls")).toEqual([0, 0, 0]);
    expect(of("spancost_calls", 'status="ok",')).toEqual([2, 4, 3]);
    expect(of("spancost_tokens", 'kind="input",')).toEqual([2e6, 4e6, 3e6]);
    const by = families.get("spancost_spend_by_usd")?.samples;
    expect([...(by ?? [])].sort()).toEqual([
      ['spancost_spend_by_usd{dimension="feature",value="search",window="1h"}', 0.15],
      ['spancost_spend_by_usd{dimension="model",value="gpt-4o-mini",window="1h"}', 0.15],
      ['spancost_spend_by_usd{dimension="service",value="shop",window="1h"}', 0.15],
    ]);
  });

  test("without a call nothing was spent, and where no call has a price it is not known what", async () => {
    expect(value(await scrape(), 'spancost_spend_usd{window="1h"}')).toBe(0);
    const later = new Operation({ store: pipeline.store, log: silent, now: () => now });
    await send([{ id: 1, ago: minute, model: "nobodys-model" }]);
    const page = await later.report("/metrics");
    later.close();
    expect(page?.text).toContain('spancost_unpriced_calls{window="1h"} 1\n');
    expect(page?.text).not.toContain('spancost_spend_usd{window="1h"}');
  });

  test("names twenty features and sums up the rest, one that is called other included", async () => {
    await send([
      { id: 100, ago: minute, feature: "other", tokens: 90_000_000 },
      { id: 101, ago: minute },
      ...Array.from({ length: 30 }, (_, id) => ({ id, ago: minute, feature: `f${id}` })),
    ]);
    const families = await scrape();
    const features = [...(families.get("spancost_spend_by_usd")?.samples ?? [])].filter(([key]) =>
      key.includes('dimension="feature"'),
    );
    expect(features).toHaveLength(20);
    const of = (name: string) =>
      value(families, `spancost_spend_by_usd{dimension="feature",value="${name}",window="1h"}`);
    expect([of("other"), of("(none)")]).toEqual([13.5 + 12 * 0.15, 0.15]);
    expect(value(families, 'spancost_invariant_violations_total{invariant="sums"}')).toBe(0);
  });

  test("a span that is sent again is told as a duplicate, and its cost once", async () => {
    await send([{ id: 1, ago: minute }]);
    await send([{ id: 1, ago: minute }]);
    const families = await scrape();
    expect(value(families, 'spancost_spans_total{result="stored"}')).toBe(2);
    expect(value(families, 'spancost_duplicate_spans{window="24h"}')).toBe(1);
    expect(value(families, 'spancost_spend_usd{window="1h"}')).toBe(0.15);
  });

  test("reads the database at most every 15 seconds", async () => {
    expect(value(await scrape(), 'spancost_calls{status="ok",window="1h"}')).toBe(0);
    await send([{ id: 1, ago: minute }]);
    const families = await scrape();
    expect(value(families, 'spancost_calls{status="ok",window="1h"}')).toBe(0);
    expect(value(families, "spancost_spend_age_seconds")).toBeGreaterThan(0);
  });

  test("says how settling keeps up", async () => {
    await send([{ id: 1, ago: minute }]);
    await pipeline.store.caughtUp();
    await operation.watchSettling(pipeline.store).settleInBackground();
    const broken = { settleInBackground: () => Promise.reject(new Error("no")) };
    await expect(operation.watchSettling(broken).settleInBackground()).rejects.toThrow("no");
    const families = await scrape();
    expect(value(families, "spancost_settled_traces_total")).toBe(1);
    expect(value(families, "spancost_settle_failures_total")).toBe(1);
    expect(value(families, "spancost_settle_lag_seconds")).toBeLessThan(60);
  });

  test("says what is forwarded, by destination", async () => {
    const families = await scrape();
    const of = (name: string, labels = "") =>
      value(families, `spancost_forward_${name}{destination="http://tempo:4318"${labels}}`);
    expect([of("sent_spans_total"), of("sent_requests_total"), of("retries_total")]).toEqual([
      3, 2, 1,
    ]);
    expect([of("queued_spans"), of("queued_bytes")]).toEqual([5, 6_000]);
    expect(of("dropped_spans_total", ',reason="queue_full"')).toBe(4);
  });

  test("counts a span that is acknowledged and not durable, once", async () => {
    const quiet = new Operation({ store: pipeline.store, log: silent, now: () => now });
    const measured = { format: "json", encoding: "identity", bytes: 1, millis: 1 } as const;
    quiet.answered({ transport: "http", status: 200, stored: 1, rejected: 0, ...measured });
    quiet.answered({ transport: "http", status: 200, stored: 0, rejected: 0, ...measured });
    const page = await quiet.report("/metrics");
    quiet.close();
    expect(page?.text).toContain(
      'spancost_invariant_violations_total{invariant="acknowledged"} 1\n',
    );
  });

  test("does not wait for a store that does not answer", async () => {
    const hanging = new Operation({
      store: {
        file: pipeline.store.file,
        status: () => new Promise(() => {}),
        reader: () => ({
          readRows: () => new Promise(() => {}),
          behind: () => new Promise(() => {}),
        }),
      },
      log: silent,
      now: () => now,
    });
    const begun = performance.now();
    const families = parseExposition((await hanging.report("/metrics"))?.text ?? "");
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect([...families.keys()]).toContain("process_resident_memory_bytes");
    expect([...families.keys()]).not.toContain("spancost_spend_usd");
    expect((await hanging.probe("/readyz"))?.status).toBe(503);
    expect((await hanging.probe("/livez"))?.status).toBe(200);
    hanging.close();
  });
});

const silent = createLog({
  out: { write: () => {}, style: (_, line) => line },
  format: "text",
  now: () => 0,
});

describe("health", () => {
  test("/livez names the process, as other commands need to find it", async () => {
    const page = await operation.probe("/livez");
    expect([page?.status, JSON.parse(page?.text ?? "")]).toMatchObject([
      200,
      { status: "ok", pid: process.pid },
    ]);
  });

  test("/livez says when the process stood still for more than five seconds", async () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5_400);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const page = await operation.probe("/livez");
    expect([page?.status, JSON.parse(page?.text ?? "").status]).toEqual([503, "stalled"]);
    expect(lines.join("")).toContain('"event":"loop.stalled"');
  }, 20_000);

  test("/readyz is ready until the receiver stops", async () => {
    expect(await operation.probe("/readyz")).toMatchObject({
      status: 200,
      text: '{\n  "status": "ready"\n}\n',
    });
    operation.beginStop();
    const page = await operation.probe("/readyz");
    expect([page?.status, JSON.parse(page?.text ?? "")]).toEqual([
      503,
      { status: "stopping", reason: "no new requests are taken" },
    ]);
  });

  test("/statusz is all that is counted, as JSON", async () => {
    await send([{ id: 1, ago: minute }]);
    const { text: body = "" } = (await operation.report("/statusz")) ?? {};
    expect(JSON.parse(body)).toMatchObject({
      schema: "spancost/status@1",
      pid: process.pid,
      started_at: "2026-11-19T14:10:00Z",
      readiness: { ready: true, status: "ready", reason: null },
      newest_snapshot_at: null,
      metrics: {
        spancost_database_open: 1,
        spancost_spend_usd: expect.arrayContaining([{ window: "1h", value: 0.15 }]),
        spancost_append_seconds: expect.arrayContaining([{ count: 1 }]),
      },
    });
  });

  test("other paths are left to others", async () => {
    expect(await operation.probe("/metrics")).toBeUndefined();
    expect(await operation.report("/readyz")).toBeUndefined();
  });
});

describe("docs/operation.md", () => {
  const page = readFileSync("docs/operation.md", "utf8");
  const inTable = (heading: string) => {
    const [, section = ""] = page.split(`\n## ${heading}\n`);
    return section.split("\n## ")[0] ?? "";
  };

  test("lists every metric, and no other", async () => {
    await pipeline.store.keepSnapshot(new Date(now));
    await send([{ id: 1, ago: minute }]);
    await pipeline.store.caughtUp();
    await operation.watchSettling(pipeline.store).settleInBackground();
    const told = [...(await scrape()).keys()].sort();
    const rows = [...inTable("Metrics").matchAll(/^\| (`.*?) \| /gm)];
    const names = rows.flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([a-z_]+)/g)].map(([, name = ""]) => name),
    );
    expect(names.sort()).toEqual(told);
  });

  test("lists every event, and no other", () => {
    const rows = [...inTable("Logs").matchAll(/^\| `(.*?)` \| (.*) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, event, when]) => [event, when]))).toEqual(logEvents);
  });
});
