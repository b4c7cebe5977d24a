import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ProtobufWriter } from "../protobuf-writer.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "../testing/sample.ts";
import {
  bytesOf,
  grpcWays,
  hangUp,
  httpWays,
  named,
  pack,
  plainSuccess,
  send,
  sendBytes,
  type Way,
  ways,
} from "../testing/ways.ts";

const maxBodyBytes = 1024 * 1024;
const tooLarge = {
  status: 413,
  message:
    "the request body is larger than 1048576 bytes: send smaller batches, or raise the receiver's limit",
  rejected: undefined,
  retryAfter: undefined,
};

let running: RunningReceiver;
beforeAll(async () => {
  running = await RunningReceiver.start({ maxBodyBytes });
});
afterAll(async () => {
  hangUp();
  await running.stop();
});
beforeEach(() => {
  running.takeStored();
});

const oneSpan = sampleRequest(sampleSpan());

/** `bytes` bytes of the same request: with blanks after JSON, and with a long unknown field in protobuf. */
function padded(way: Way, bytes: number): Buffer {
  const body = bytesOf(way, oneSpan);
  const missing = bytes - body.byteLength;
  const padding =
    way.format === "json"
      ? Buffer.alloc(missing, " ")
      : new ProtobufWriter().bytes(15, Buffer.alloc(missing - 4)).finish();
  return Buffer.concat([body, padding]);
}

describe.each(named(ways))("%s:", (_, way) => {
  test("B23 a body of the limit is taken, and one byte more is 413", async () => {
    expect(await sendBytes(way, running, padded(way, maxBodyBytes))).toEqual(plainSuccess);
    expect(running.takeStored()).toHaveLength(1);
    expect(await sendBytes(way, running, padded(way, maxBodyBytes + 1))).toEqual(tooLarge);
    expect(running.stored).toEqual([]);
    expect(await send(way, running, oneSpan)).toEqual(plainSuccess);
  });

  test("A09 a hundred requests at once on few connections are all answered", async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => send(way, running, oneSpan)),
    );
    expect(answers).toEqual(Array(100).fill(plainSuccess));
    expect(running.stored).toHaveLength(100);
  });

  test("requests that are decoded in turns do not get each other's spans", async () => {
    const requests = ["a", "b"].map((model) => {
      const attributes = [{ key: "gen_ai.request.model", value: { stringValue: model } }];
      return sampleRequest(
        ...sampleSpans(10_000).map((span) => ({ ...span, name: model, attributes })),
      );
    });
    const large = await RunningReceiver.start();
    await Promise.all(requests.map((request) => send(way, large, request)));
    await large.stop();
    const mixed = large.stored.filter(
      ({ name, attributes }) => attributes.get("gen_ai.request.model") !== name,
    );
    expect([large.stored.length, mixed]).toEqual([20_000, []]);
  });
});

const gzipWays = [...httpWays, ...grpcWays].filter(({ encoding }) => encoding === "gzip");

describe.each(named(gzipWays))("%s:", (_, way) => {
  const plain = bytesOf(way, oneSpan);
  const packed = gzipSync(plain);

  test("A03 gzip of two members is that of both", async () => {
    const members =
      way.format === "json" ? [plain.subarray(0, 9), plain.subarray(9)] : [plain, plain];
    const body = Buffer.concat(members.map((member) => gzipSync(member)));
    expect(await way.sendPacked(running, body)).toEqual(plainSuccess);
    expect(running.stored).toHaveLength(way.format === "json" ? 1 : 2);
  });

  test.each<[string, Uint8Array]>([
    ["plain", plain],
    ["empty", Buffer.alloc(0)],
    ["cut off", packed.subarray(0, packed.byteLength - 9)],
    ["of the wrong checksum", packed.with(packed.byteLength - 8, 0)],
    ["of the wrong length", packed.with(packed.byteLength - 1, 1)],
    ["followed by garbage", Buffer.concat([packed, Buffer.from("garbage!")])],
  ])("B05 gzip that is %s is 400", async (_what, body) => {
    const { status, message } = await way.sendPacked(running, body);
    expect([status, message]).toEqual([
      400,
      expect.stringMatching(/^the request body is not gzip, or not all of it: Z_\w+$/),
    ]);
    expect(running.stored).toEqual([]);
  });
});

describe.each(named(ways))("%s:", (_, way) => {
  test("B05 B06 a body cut off at any byte is 400", { timeout: 30_000 }, async () => {
    const body = pack(way, bytesOf(way, oneSpan));
    const statuses = new Set<number>();
    for (let length = 1; length < body.byteLength; length += 1) {
      const { status } = await way.sendPacked(running, body.subarray(0, length));
      statuses.add(status);
    }
    expect([...statuses]).toEqual([400]);
    expect(running.stored).toEqual([]);
  });
});

/** The least that is a span: every byte of it means something. */
const smallSpan = sampleRequest({
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
});
const values = Array.from({ length: 256 }, (_, value) => value);

describe.each(named(ways.filter(({ encoding }) => encoding === "identity")))("%s:", (_, way) => {
  test("B07 a body with any byte set to any value is 200 or 400", {
    timeout: 120_000,
  }, async () => {
    const body = bytesOf(way, smallSpan);
    const statuses = new Map<number, number>();
    const one = async (at: number, value: number) => {
      const damaged = Buffer.from(body);
      damaged[at] = value;
      const { status } = await way.sendPacked(running, damaged);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    };
    for (let at = 0; at < body.byteLength; at += 1) {
      await Promise.all(values.map((value) => one(at, value)));
    }
    expect([...statuses.keys()].toSorted()).toEqual([200, 400]);
    expect((statuses.get(200) ?? 0) + (statuses.get(400) ?? 0)).toBe(body.byteLength * 256);
    expect(running.errors).toEqual([]);
  });
});

describe.each(named(gzipWays))("%s:", (_, way) => {
  test("B07 a compressed body with any bit wrong is 200 or 400", { timeout: 60_000 }, async () => {
    const body = gzipSync(bytesOf(way, smallSpan));
    const statuses = new Set<number>();
    for (let at = 0; at < body.byteLength; at += 1) {
      const damaged = Array.from({ length: 8 }, (__, bit) => {
        const copy = Buffer.from(body);
        copy[at] = (copy[at] as number) ^ (1 << bit);
        return way.sendPacked(running, copy);
      });
      for (const { status } of await Promise.all(damaged)) statuses.add(status);
    }
    // Bits of gzip's header say when and where it was made: they may be anything.
    expect([...statuses].toSorted()).toEqual([200, 400]);
    expect(running.errors).toEqual([]);
  });
});
