import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  answerOf,
  bodyOf,
  type Case,
  isSentIn,
  storedOf,
} from "../../packages/receiver/src/conformance/case.ts";
import { cases } from "../../packages/receiver/src/conformance/cases.ts";
import {
  sampleRequest,
  sampleSpan,
  sampleSpans,
} from "../../packages/receiver/src/testing/sample.ts";
import {
  hangUp,
  plainSuccess,
  send,
  sendBytes,
  type Way,
  ways,
} from "../../packages/receiver/src/testing/ways.ts";
import { type Serving, startServing } from "./serving.ts";

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
}, 30_000);
afterAll(async () => {
  hangUp();
  expect(await serving.stop()).toBe(0);
});

let traces = 0;
/** A trace id that no other case has. */
function newTraceId(): string {
  traces += 1;
  return `c0ffee${traces.toString(16).padStart(26, "0")}`;
}

/** Spans in the database by their trace. */
async function countByTrace(): Promise<Map<string, number>> {
  const rows = await serving.query(
    "select trace_id, count(*) as spans from spans group by trace_id",
  );
  return new Map(rows.map((row) => [String(row["trace_id"]), Number(row["spans"])]));
}

interface Sent {
  readonly one: Case;
  readonly way: Way;
  readonly traceId: string;
}

test("every case is answered and stored as the checklist has it, whichever way it is sent", async () => {
  // Large bodies say nothing about the database that small ones do not.
  const small = cases.filter(({ plainOnly }) => !plainOnly);
  const sent: Sent[] = small.flatMap((one) =>
    ways.filter((way) => isSentIn(one, way)).map((way) => ({ one, way, traceId: newTraceId() })),
  );
  expect(sent.length).toBeGreaterThan(400);
  const wrong: unknown[] = [];
  await Promise.all(
    sent.map(async ({ one, way, traceId }) => {
      const { status, message } = await sendBytes(way, serving, bodyOf(one, way, traceId));
      if (status !== answerOf(one).status) wrong.push([one.id, one.claim, status, message]);
    }),
  );
  const counts = await countByTrace();
  for (const { one, way, traceId } of sent) {
    const stored = counts.get(traceId) ?? 0;
    if (stored !== storedOf(one)) wrong.push([one.id, one.claim, way, stored]);
  }
  expect(wrong).toEqual([]);
});

test("B16 no odd count of tokens became a cost or a negative number", async () => {
  const rows = await serving.query(
    "select count(*) as n from cost_records where input_tokens < 0 or cost_usd < 0 or not isfinite(cost_usd::double)",
  );
  expect(rows).toEqual([{ n: 0 }]);
});

describe("B27 what is sent again", () => {
  test("in every way, ten times at once, is stored once", async () => {
    const traceId = newTraceId();
    const request = sampleRequest(sampleSpan({ traceId }));
    const answers = await Promise.all(
      ways.flatMap((way) => Array.from({ length: 10 }, () => send(way, serving, request))),
    );
    expect(answers).toEqual(Array(60).fill(plainSuccess));
    expect((await countByTrace()).get(traceId)).toBe(1);
  });

  test("in other batches and another order is stored once", async () => {
    const traceId = newTraceId();
    const spans = sampleSpans(60).map((span) => ({ ...span, traceId }));
    const batches = (size: number) =>
      Array.from({ length: 60 / size }, (_, index) =>
        spans.slice(index * size, (index + 1) * size),
      );
    const requests = [spans, ...batches(20), ...batches(7).toReversed(), spans.toReversed()];
    await Promise.all(
      requests.map((list, index) =>
        send(ways[index % ways.length] as Way, serving, sampleRequest(...list)),
      ),
    );
    expect((await countByTrace()).get(traceId)).toBe(60);
  });
});

test("B28 a span that is sent again with other counts is one row, and one of the two", async () => {
  const traceId = newTraceId();
  const counted = (tokens: string) =>
    sampleRequest(
      sampleSpan({
        traceId,
        attributes: [
          { key: "gen_ai.operation.name", value: { stringValue: "chat" } },
          { key: "gen_ai.provider.name", value: { stringValue: "openai" } },
          { key: "gen_ai.request.model", value: { stringValue: "gpt-5-mini" } },
          { key: "gen_ai.usage.input_tokens", value: { intValue: tokens } },
        ],
      }),
    );
  for (const [index, way] of ways.entries()) await send(way, serving, counted(String(100 + index)));
  const rows = await serving.query(
    `select count(*) as n, any_value(input_tokens) as tokens from cost_records where trace_id = '${traceId}'`,
  );
  expect(rows[0]?.["n"]).toBe(1);
  expect(Number(rows[0]?.["tokens"])).toBeGreaterThanOrEqual(100);
  expect(Number(rows[0]?.["tokens"])).toBeLessThan(100 + ways.length);
});
