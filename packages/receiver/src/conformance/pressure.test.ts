import { Agent } from "node:http";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, onTestFinished, test } from "vitest";
import { TokenBook } from "../access/token-book.ts";
import { encodeRequest } from "../encode-request.ts";
import { GroupingSink } from "../grouping-sink.ts";
import { mediaTypes } from "../request.ts";
import type { ReceiverOptions } from "../settings.ts";
import { SinkFullError } from "../sink.ts";
import { HeldSink } from "../testing/held-sink.ts";
import { post } from "../testing/http-post.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "../testing/sample.ts";
import { bearer, testToken } from "../testing/tokens.ts";
import {
  bytesOf,
  grpcWays,
  hangUp,
  httpWays,
  named,
  plainSuccess,
  send,
  sendBytes,
  ways,
} from "../testing/ways.ts";

let running: RunningReceiver | undefined;
afterEach(async () => {
  hangUp();
  await running?.stop();
});

async function start(options: Partial<ReceiverOptions>): Promise<RunningReceiver> {
  running = await RunningReceiver.start(options);
  return running;
}

const oneSpan = sampleRequest(sampleSpan());
const manySpans = sampleRequest(...sampleSpans(300));
const busy = {
  status: 503,
  message: "the receiver is busy with other requests: try again",
  rejected: undefined,
  retryAfter: 1,
};

describe.each(named(ways))("%s:", (_, way) => {
  test("D01 a full sink is told to be tried again in a second, and is no error", async () => {
    const sink = { append: () => Promise.reject(new SinkFullError("the disk is full")) };
    const receiver = await start({ sink });
    expect(await send(way, receiver, oneSpan)).toEqual({
      ...busy,
      message: "the disk is full: try again",
    });
    expect(receiver.errors).toEqual([]);
  });

  test("D01 a sink that fails is tried again too, and only the operator is told why", async () => {
    const failure = new Error("EIO: /var/lib/spancost");
    const receiver = await start({ sink: { append: () => Promise.reject(failure) } });
    expect(await send(way, receiver, oneSpan)).toEqual({
      ...busy,
      message: "not stored: try again",
    });
    expect(receiver.errors).toEqual([failure]);
  });

  test("D01 a sink that throws at once is no different", async () => {
    const append = () => {
      throw new Error("closed");
    };
    expect(await send(way, await start({ sink: { append } }), oneSpan)).toMatchObject({
      status: 503,
      retryAfter: 1,
    });
  });

  test("D01 what was refused is stored once it is sent again", async () => {
    let full = true;
    const stored: unknown[] = [];
    const append = async (spans: readonly unknown[]) => {
      if (full) throw new SinkFullError("starting");
      stored.push(...spans);
    };
    const receiver = await start({ sink: { append } });
    expect((await send(way, receiver, oneSpan)).status).toBe(503);
    full = false;
    expect(await send(way, receiver, oneSpan)).toEqual(plainSuccess);
    expect(stored).toHaveLength(1);
  });

  test("a fault of the receiver itself is not tried again, and the operator is told", async () => {
    const fault = new Error("a fault");
    const keepAttribute = () => {
      throw fault;
    };
    const receiver = await start({ keepAttribute });
    expect(await send(way, receiver, oneSpan)).toMatchObject({
      status: 500,
      retryAfter: undefined,
      message: "a fault in the receiver; see its log",
    });
    expect(receiver.errors).toEqual([fault]);
  });

  test("bytes in flight are bounded: 503 while others hold them, and free again afterwards", async () => {
    const sink = new HeldSink();
    const body = bytesOf(way, manySpans);
    const receiver = await start({ sink, maxBytesInFlight: (body.byteLength + 32_000) * 1.6 });
    const first = sendBytes(way, receiver, body);
    await expect.poll(() => sink.begun).toBe(1);
    expect(await sendBytes(way, receiver, body)).toEqual(busy);
    sink.release();
    expect(await first).toEqual(plainSuccess);
    const again = sendBytes(way, receiver, body);
    await expect.poll(() => sink.begun).toBe(2);
    sink.release();
    expect(await again).toEqual(plainSuccess);
  });

  test("every answer is counted", async () => {
    const receiver = await start({});
    const bad = sampleSpan({ traceId: "abcd" });
    await send(way, receiver, sampleRequest(sampleSpan(), bad));
    await sendBytes(way, receiver, Buffer.from([0xff]));
    const { transport } = way;
    expect(receiver.answered).toMatchObject([
      { transport, status: 200, stored: 1, rejected: 1 },
      { transport, status: 400, stored: 0, rejected: 0 },
    ]);
  });
});

describe.each(named([...httpWays, ...grpcWays].filter((way) => way.encoding === "gzip")))(
  "%s:",
  (_, way) => {
    test("bytes in flight count once inflated", async () => {
      const receiver = await start({ maxBytesInFlight: 90_000 });
      const body = gzipSync(bytesOf(way, manySpans));
      expect(body.byteLength).toBeLessThan(20_000);
      expect(await way.sendPacked(receiver, body)).toEqual(busy);
      expect(receiver.stored).toEqual([]);
    });
  },
);

test("D01 a full group is refused, and taken when it is sent again", async () => {
  const held = new HeldSink();
  const sink = new GroupingSink(held, { maxWaitingSpans: 2, gatherMs: 0 });
  const receiver = await start({ sink });
  const [protobuf, , json] = ways;
  if (protobuf === undefined || json === undefined) throw new Error("no ways");
  const first = send(json, receiver, oneSpan);
  await expect.poll(() => held.begun).toBe(1);
  const others = [send(json, receiver, oneSpan), send(protobuf, receiver, oneSpan)];
  expect((await Promise.race(others)).status).toBe(503);
  held.release();
  await expect.poll(() => held.begun).toBe(2);
  held.release();
  const again = send(json, receiver, oneSpan);
  await expect.poll(() => held.begun).toBe(3);
  held.release();
  const answers = await Promise.all([first, ...others, again]);
  expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 503]);
  expect(held.stored).toBe(3);
});

test("B22 a hundred bombs of 256 MiB are refused without much memory", {
  timeout: 30_000,
}, async () => {
  const receiver = await start({});
  const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
  const lying = Buffer.from(bomb);
  lying.writeUInt32LE(1, lying.byteLength - 4);
  const headers = { "Content-Type": mediaTypes.protobuf, "Content-Encoding": "gzip" };
  const before = process.memoryUsage().rss;
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => receiver.send(i % 2 === 0 ? bomb : lying, { headers })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
});

test("a sender that sends as much as it can leaves room for the others", async () => {
  const body = encodeRequest(sampleRequest(...sampleSpans(400)));
  const sink = new HeldSink();
  const tokens = new TokenBook([testToken("flood"), testToken("other")]);
  const receiver = await start({ sink, tokens, maxBytesInFlight: 20 * body.byteLength });
  const agent = new Agent();
  onTestFinished(() => agent.destroy());
  const sendAs = (name: string) =>
    post(agent, receiver.port, body, {
      headers: { "Content-Type": mediaTypes.protobuf, ...bearer(name) },
    });
  const flood = Array.from({ length: 60 }, () => sendAs("flood"));
  await expect.poll(() => sink.begun + receiver.answered.length).toBe(60);
  const taken = sink.begun;
  expect(taken).toBeGreaterThan(5);
  expect(taken).toBeLessThan(20);
  const others = [sendAs("other"), sendAs("other")];
  await expect.poll(() => sink.begun).toBe(taken + 2);
  for (let i = 0; i < taken + 2; i += 1) sink.release();
  expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200]);
  const statuses = (await Promise.all(flood)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(taken);
  expect(statuses.filter((status) => status === 503)).toHaveLength(60 - taken);
});
