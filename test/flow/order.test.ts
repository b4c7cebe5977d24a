import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeRequest, type OtlpRequest } from "@spancost/receiver";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hasTraces, truths } from "../emitters/captures.ts";
import { type Receiving, startReceiving } from "./receiving.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-order-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function send(to: Receiving, request: OtlpRequest, encoding: "protobuf" | "json") {
  const json = encoding === "json";
  const body = json ? JSON.stringify(request) : encodeRequest(request);
  const type = json ? "application/json" : "application/x-protobuf";
  expect((await to.post(body, { "Content-Type": type })).status).toBe(200);
}

function requestOf(capture: string): OtlpRequest {
  return JSON.parse(readFileSync(`test/captures/${capture}.traces.otlp.json`, "utf8"));
}

/** Several senders at once, as in life. */
async function sendAll(
  to: Receiving,
  requests: readonly OtlpRequest[],
  encoding: "protobuf" | "json",
): Promise<void> {
  const left = requests.values();
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (const request of left) await send(to, request, encoding);
    }),
  );
}

/** Each span in a request of its own. */
function singleSpans(request: OtlpRequest): OtlpRequest[] {
  return (request.resourceSpans ?? []).flatMap((resourceSpans) =>
    (resourceSpans.scopeSpans ?? []).flatMap((scopeSpans) =>
      (scopeSpans.spans ?? []).map((span) => ({
        resourceSpans: [{ ...resourceSpans, scopeSpans: [{ ...scopeSpans, spans: [span] }] }],
      })),
    ),
  );
}

/** The same shuffle every time: a linear congruential generator, Numerical Recipes' constants. */
function shuffled<T>(items: readonly T[], seed: number): T[] {
  const result = [...items];
  let state = seed;
  for (let index = result.length - 1; index > 0; index--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (index + 1);
    [result[index], result[other]] = [result[other] as T, result[index] as T];
  }
  return result;
}

const everything = "select * from cost_records order by trace_id, span_id";
const allRoles = "select trace_id, span_id, role, counted_as from spans order by trace_id, span_id";

test("single spans, shuffled, each sent twice, with a restart in the middle, give the same records", async () => {
  const captures = Object.keys(truths).filter(hasTraces).map(requestOf);
  const whole = await startReceiving(join(folder, "whole.duckdb"));
  await sendAll(whole, captures, "protobuf");
  const expected = [await whole.store.readRows(everything), await whole.store.readRows(allRoles)];
  await whole.stop();
  expect(expected[0]?.rows.length).toBeGreaterThan(250);

  const single = captures.flatMap(singleSpans);
  const sent = shuffled([...single, ...single], 7);
  const half = sent.length / 2;
  const file = join(folder, "single.duckdb");
  const first = await startReceiving(file);
  await sendAll(first, sent.slice(0, half), "json");
  // Settled in the middle of things, so that what comes later has to mend it.
  await first.store.settle();
  await first.stop();
  const second = await startReceiving(file);
  await sendAll(second, sent.slice(half), "protobuf");
  const found = [await second.store.readRows(everything), await second.store.readRows(allRoles)];
  const deliveries = await second.store.readRows("select sum(redelivered) as again from traces");
  await second.stop();

  expect(found).toEqual(expected);
  expect(deliveries.rows).toEqual([{ again: single.length }]);
});
