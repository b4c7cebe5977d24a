import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { encodeRequest } from "./encode-request.ts";
import { GroupingSink } from "./grouping-sink.ts";
import { type BodyFormat, mediaTypes } from "./request.ts";
import type { ReceiverOptions } from "./server.ts";
import { SinkFullError } from "./sink.ts";
import { readFailure } from "./testing/answers.ts";
import { HeldSink } from "./testing/held-sink.ts";
import { RunningReceiver } from "./testing/running-receiver.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "./testing/sample.ts";

let running: RunningReceiver | undefined;
afterEach(() => running?.stop());

async function start(options: Partial<ReceiverOptions>): Promise<RunningReceiver> {
  running = await RunningReceiver.start(options);
  return running;
}

const request = sampleRequest(sampleSpan());
const bodies = { protobuf: encodeRequest(request), json: JSON.stringify(request) } as const;

async function send(receiver: RunningReceiver, format: BodyFormat) {
  const headers = { "Content-Type": mediaTypes[format] };
  const { status, headers: answered, body } = await receiver.send(bodies[format], { headers });
  return { status, retryAfter: answered["retry-after"], ...readFailure(format, body) };
}

const formats: BodyFormat[] = ["protobuf", "json"];

test.each(formats)(
  "D01 a full sink is 503 with Retry-After in %s, and never 500",
  async (format) => {
    const receiver = await start({ sink: { append: () => Promise.reject(new SinkFullError(9)) } });
    expect(await send(receiver, format)).toMatchObject({
      status: 503,
      retryAfter: "1",
      code: 14,
      message: "9 spans are waiting to be stored: try again",
    });
  },
);

test.each(formats)(
  "D01 a sink that fails is 503 in %s, and only the operator is told why",
  async (format) => {
    const failure = new Error("disk full: /var/lib/spancost");
    const receiver = await start({ sink: { append: () => Promise.reject(failure) } });
    expect(await send(receiver, format)).toMatchObject({
      status: 503,
      retryAfter: "1",
      code: 14,
      message: "not stored: try again",
    });
    expect(receiver.errors).toEqual([failure]);
  },
);

test("D01 a sink that throws at once is 503 too", async () => {
  const append = () => {
    throw new Error("closed");
  };
  const receiver = await start({ sink: { append } });
  expect((await send(receiver, "json")).status).toBe(503);
});

test("a fault of the receiver itself is 500, and the operator is told", async () => {
  const fault = new Error("a fault");
  const keepAttribute = () => {
    throw fault;
  };
  const receiver = await start({ keepAttribute });
  expect(await send(receiver, "protobuf")).toMatchObject({
    status: 500,
    retryAfter: undefined,
    code: 13,
    message: "a fault in the receiver; see its log",
  });
  expect(receiver.errors).toEqual([fault]);
});

test("D01 a full group is refused, and taken when it is sent again", async () => {
  const held = new HeldSink();
  const sink = new GroupingSink(held, { maxWaitingSpans: 2, gatherMs: 0 });
  const receiver = await start({ sink });
  const first = send(receiver, "json");
  await expect.poll(() => held.begun).toBe(1);
  const others = [send(receiver, "json"), send(receiver, "protobuf")];
  expect((await Promise.race(others)).status).toBe(503);
  held.release();
  await expect.poll(() => held.begun).toBe(2);
  held.release();
  const again = send(receiver, "json");
  await expect.poll(() => held.begun).toBe(3);
  held.release();
  const answers = await Promise.all([first, ...others, again]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 503]);
  expect(held.stored).toBe(3);
});

test("bytes in flight are bounded: 503 while others hold them, and free again afterwards", async () => {
  const sink = new HeldSink();
  const body = encodeRequest(sampleRequest(...sampleSpans(100)));
  const receiver = await start({ sink, maxBytesInFlight: body.byteLength * 1.5 });
  const headers = { "Content-Type": mediaTypes.protobuf };
  const first = receiver.send(body, { headers });
  await expect.poll(() => sink.begun).toBe(1);
  const refused = await receiver.send(body, { headers });
  expect(refused.status).toBe(503);
  expect(refused.headers["retry-after"]).toBe("1");
  expect(readFailure("protobuf", refused.body)).toMatchObject({
    code: 14,
    message: "the receiver is busy with other requests: try again",
  });
  sink.release();
  expect((await first).status).toBe(200);
  const again = receiver.send(body, { headers });
  await expect.poll(() => sink.begun).toBe(2);
  sink.release();
  expect((await again).status).toBe(200);
});

test("bytes in flight count once inflated", async () => {
  const receiver = await start({ maxBytesInFlight: 100_000 });
  const headers = { "Content-Type": mediaTypes.protobuf, "Content-Encoding": "gzip" };
  const body = gzipSync(encodeRequest(sampleRequest(...sampleSpans(1000))));
  expect(body.byteLength).toBeLessThan(100_000);
  expect((await receiver.send(body, { headers })).status).toBe(503);
  expect(receiver.stored).toEqual([]);
});
