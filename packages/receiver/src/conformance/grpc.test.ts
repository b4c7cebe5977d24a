import { gzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeRequest } from "../encode-request.ts";
import { otherPaths, tracesPath } from "../grpc/services.ts";
import { type CallAnswer, type Calling, frame, GrpcWire } from "../testing/grpc-wire.ts";
import { HeldSink } from "../testing/held-sink.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "../testing/sample.ts";

const maxBodyBytes = 1024 * 1024;
const body = encodeRequest(sampleRequest(sampleSpan()));
const gzip = { "grpc-encoding": "gzip" };

let running: RunningReceiver;
let wire: GrpcWire;
beforeAll(async () => {
  running = await RunningReceiver.start({ maxBodyBytes });
});
afterAll(() => running.stop());
beforeEach(() => {
  running.takeStored();
  wire = new GrpcWire(running.grpcPort);
});
afterEach(() => wire.close());

/** A good call, on the same connection, that shows that all is well. */
async function stillServed(): Promise<void> {
  running.takeStored();
  expect((await wire.call(frame(body))).code).toBe(0);
  expect(running.stored).toHaveLength(1);
}

const refused = (code: number, message: RegExp) => ({
  code,
  message: expect.stringMatching(message),
});

describe("C01", () => {
  test("another content type is 415 in HTTP", async () => {
    const headers = { "content-type": "application/json" };
    const { httpStatus } = await wire.call(frame(body), { headers });
    expect(httpStatus).toBe(415);
    await stillServed();
  });

  test("gRPC's other content types are taken", async () => {
    for (const type of ["application/grpc+proto", "application/grpc; charset=utf-8"]) {
      expect((await wire.call(frame(body), { headers: { "content-type": type } })).code).toBe(0);
    }
  });

  test.each(otherPaths)("%s is UNIMPLEMENTED and names what is received", async (path) => {
    const answer = await wire.call(frame(body), { path });
    expect(answer).toMatchObject(
      refused(12, /^only traces are received here, by .*TraceService\/Export$/),
    );
    expect(answer.details).toBeUndefined();
    expect(running.stored).toEqual([]);
    await stillServed();
  });

  test("a method that nobody has is UNIMPLEMENTED", async () => {
    const { code } = await wire.call(frame(body), { path: `${tracesPath}s` });
    expect(code).toBe(12);
    await stillServed();
  });
});

describe("C02", () => {
  test.each<[string, Buffer, Calling, number, RegExp]>([
    ["bad protobuf", frame(Buffer.from([0x0a, 0x05])), {}, 3, /5 bytes wanted, 0 left at byte 1/],
    ["bad gzip", frame(body, true), { headers: gzip }, 3, /^the request body is not gzip/],
    ["gzip without its flag", frame(gzipSync(body)), { headers: gzip }, 3, /at byte/],
    ["the flag without an encoding", frame(gzipSync(body), true), {}, 3, /at byte/],
    [
      "an encoding that is not known",
      frame(body, true),
      { headers: { "grpc-encoding": "zstd" } },
      12,
      /^this grpc-encoding is not supported: send gzip, or none$/,
    ],
    ["two messages", Buffer.concat([frame(body), frame(body)]), {}, 12, /second request message/],
    ["no message", Buffer.alloc(0), {}, 12, /no request message/],
    ["half a prefix", Buffer.alloc(3), {}, 12, /no request message/],
    ["half a message", frame(body).subarray(0, 40), {}, 12, /no request message/],
  ])("%s is answered, and nothing stored", async (_, bytes, calling, code, message) => {
    const answer = await wire.call(bytes, calling);
    expect(answer).toMatchObject(refused(code, message));
    expect(running.stored).toEqual([]);
    await stillServed();
  });

  test("bad protobuf comes with a BadRequest", async () => {
    const { details } = await wire.call(frame(Buffer.from([0x0a, 0x05])));
    expect(details?.toString()).toContain("type.googleapis.com/google.rpc.BadRequest");
  });

  test("a plain message under an encoding is taken", async () => {
    expect((await wire.call(frame(body), { headers: gzip })).code).toBe(0);
    expect(running.stored).toHaveLength(1);
  });

  test("a message in frames of one byte is taken", async () => {
    const stream = wire.open();
    const bytes = frame(body);
    const answered = new Promise((resolve) => stream.on("trailers", resolve));
    for (const byte of bytes) {
      await new Promise((resolve) => stream.write(Buffer.from([byte]), resolve));
    }
    stream.end();
    stream.resume();
    expect(await answered).toMatchObject({ "grpc-status": "0" });
    expect(running.stored).toHaveLength(1);
  });

  test("a sender that never ends its call is cut off with DEADLINE_EXCEEDED", async () => {
    const impatient = await RunningReceiver.start({ timeouts: { headers: 200, request: 200 } });
    const slow = new GrpcWire(impatient.grpcPort);
    const calls = [frame(body), frame(body).subarray(0, 20), Buffer.alloc(0)].map((bytes) =>
      slow.call(bytes, { end: false }),
    );
    for (const answer of await Promise.all(calls)) {
      expect(answer).toMatchObject(refused(4, /^the message took too long to arrive/));
    }
    slow.close();
    await impatient.stop();
    expect(impatient.stored).toEqual([]);
  });
});

describe("C03", () => {
  const tooLarge = refused(8, /^the request body is larger than 1048576 bytes/);

  test("a message one byte too large is RESOURCE_EXHAUSTED, and not to be tried again", async () => {
    const answer = await wire.call(frame(Buffer.alloc(maxBodyBytes + 1)));
    expect(answer).toMatchObject(tooLarge);
    expect(answer.details).toBeUndefined();
    await stillServed();
  });

  test("a message that says it is 4 GiB is refused before it comes", async () => {
    const prefix = Buffer.from("00ffffffff", "hex");
    expect(await wire.call(prefix, { end: false })).toMatchObject(tooLarge);
    await stillServed();
  });

  test("a prefix in two parts does not hide how much comes", async () => {
    const stream = wire.open();
    const code = new Promise((resolve) => {
      stream.on("response", (headers) => resolve(headers["grpc-status"]));
    });
    await new Promise((resolve) => stream.write(Buffer.from("00ff", "hex"), resolve));
    stream.write(Buffer.alloc(2 * maxBodyBytes));
    expect(await code).toBe("8");
  });

  test("bombs at once are refused one by one, without much memory", {
    timeout: 30_000,
  }, async () => {
    const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
    const lying = Buffer.from(bomb);
    lying.writeUInt32LE(1, lying.byteLength - 4);
    const before = process.memoryUsage().rss;
    const answers = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        wire.call(frame(i % 2 === 0 ? bomb : lying, true), { headers: gzip }),
      ),
    );
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([8]));
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
    await stillServed();
  });
});

describe("C04", () => {
  test("a deadline that has passed is told, and leaves nothing behind", async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        wire.call(frame(body), { headers: { "grpc-timeout": "1n" } }),
      ),
    );
    for (const { code } of answers) expect([0, 4]).toContain(code);
    await stillServed();
  });

  test("a deadline that passes while spans are being stored does not stop that", async () => {
    const sink = new HeldSink();
    const slow = await RunningReceiver.start({ sink });
    const other = new GrpcWire(slow.grpcPort);
    const answer = other.call(frame(body), { headers: { "grpc-timeout": "100m" } });
    await expect.poll(() => sink.begun).toBe(1);
    expect((await answer).code).toBe(4);
    sink.release();
    expect(sink.stored).toBe(1);
    other.close();
    await slow.stop();
    expect(slow.errors).toEqual([]);
  });

  test("calls that are cancelled in the middle give their memory back", async () => {
    const small = await RunningReceiver.start({ maxBytesInFlight: 400_000, maxBodyBytes: 200_000 });
    const other = new GrpcWire(small.grpcPort);
    const half = frame(encodeRequest(sampleRequest(...sampleSpans(500)))).subarray(0, 50_000);
    for (let round = 0; round < 40; round += 1) {
      const stream = other.open();
      await new Promise((resolve) => stream.write(half, resolve));
      await new Promise((resolve) => setTimeout(resolve, 5));
      stream.close(8);
    }
    await expect.poll(async () => (await other.call(frame(body))).code).toBe(0);
    other.close();
    await small.stop();
    expect(small.errors).toEqual([]);
  });
});

describe("C05", () => {
  test("a thousand calls at once on one connection are all answered", {
    timeout: 30_000,
  }, async () => {
    const answers = await Promise.all(Array.from({ length: 1000 }, () => wire.call(frame(body))));
    expect(new Set(answers.map(({ code }) => code))).toEqual(new Set([0]));
    expect(running.stored).toHaveLength(1000);
  });

  test("a flood of calls that are reset at once does not keep others from being served", async () => {
    const flood = new GrpcWire(running.grpcPort);
    const floods = Array.from({ length: 2000 }, async () => {
      if (flood.session.destroyed) return;
      flood.open().close(8);
      await new Promise(setImmediate);
    });
    const good: Promise<CallAnswer>[] = [];
    for (let i = 0; i < 20; i += 1) good.push(wire.call(frame(body)));
    await Promise.all(floods);
    expect((await Promise.all(good)).map(({ code }) => code)).toEqual(Array(20).fill(0));
    flood.close();
  });

  test("a flood of pings does not keep others from being served", async () => {
    const flood = new GrpcWire(running.grpcPort);
    await new Promise((resolve) => flood.session.on("connect", resolve));
    for (let i = 0; i < 10_000 && !flood.session.destroyed; i += 1) {
      flood.session.ping(() => undefined);
      if (i % 10 === 0) await new Promise(setImmediate);
    }
    await stillServed();
    flood.close();
  });

  test("10,000 bytes of metadata are taken, and ten times as many are not", async () => {
    const metadata = (bytes: number) => ({ headers: { "x-padding": "x".repeat(bytes) } });
    expect((await wire.call(frame(body), metadata(10_000))).code).toBe(0);
    const other = new GrpcWire(running.grpcPort);
    expect((await other.call(frame(body), metadata(100_000))).code).not.toBe(0);
    other.close();
    await stillServed();
  });

  test("what is not HTTP/2 is hung up on", async () => {
    const answers = [
      "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
      Buffer.from("160301020001000001fc0303", "hex"),
    ];
    for (const text of answers) {
      await running.sendRaw(text, { port: running.grpcPort, thenEnd: true });
    }
    await stillServed();
  });
});
