import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeRequest } from "./encode-request.ts";
import { ProtobufWriter } from "./protobuf-writer.ts";
import { type BodyFormat, mediaTypes } from "./request.ts";
import { readFailure } from "./testing/answers.ts";
import { RunningReceiver } from "./testing/running-receiver.ts";
import { sampleRequest, sampleSpan } from "./testing/sample.ts";
import { Way, ways } from "./testing/way.ts";

const maxBodyBytes = 1024 * 1024;
const tooLarge =
  "the request body is larger than 1048576 bytes: send smaller batches, or raise the receiver's limit";
const oneSpan = sampleRequest(sampleSpan());
let running: RunningReceiver;
beforeAll(async () => {
  running = await RunningReceiver.start({ maxBodyBytes });
});
afterAll(() => running.stop());
beforeEach(() => {
  running.takeStored();
});

describe.each(ways)("%s, %s:", (format, encoding) => {
  const way = new Way(format, encoding, () => running);

  test("B05 B06 a body cut off at any byte is 400", async () => {
    const body = way.pack(way.bytesOf(oneSpan));
    for (let length = 1; length < body.byteLength; length += 1) {
      expect(way.read(await way.sendBytes(body.subarray(0, length)))).toEqual(
        way.refused(400, expect.any(String)),
      );
    }
  });

  test("B07 a body with a wrong byte is 200 or 400", async () => {
    const body = way.pack(way.bytesOf(oneSpan));
    const statuses = new Set<number>();
    for (let at = 0; at < body.byteLength; at += 1) {
      for (const flip of [0x01, 0x80, 0xff]) {
        const damaged = Buffer.from(body);
        damaged[at] = (damaged[at] as number) ^ flip;
        statuses.add((await way.sendBytes(damaged)).status);
      }
    }
    expect([...statuses].toSorted()).toEqual([200, 400]);
  });

  test("B23 a body of the limit is taken, and one byte more is 413", async () => {
    const body = way.bytesOf(oneSpan);
    /** The request in `bytes` bytes: with blanks after JSON, and with a long unknown field in protobuf. */
    const padded = (bytes: number) => {
      const missing = bytes - body.byteLength;
      const padding =
        way.format === "json"
          ? Buffer.alloc(missing, " ")
          : new ProtobufWriter().bytes(15, Buffer.alloc(missing - 4)).finish();
      return Buffer.concat([body, padding]);
    };
    expect(way.read(await way.sendBytes(way.pack(padded(maxBodyBytes))))).toEqual(way.stored(1));
    running.takeStored();
    for (const chunkBytes of [undefined, 64 * 1024]) {
      const sending = chunkBytes === undefined ? {} : { chunkBytes };
      const answer = await way.sendBytes(way.pack(padded(maxBodyBytes + 1)), sending);
      expect(way.read(answer)).toEqual(way.refused(413, tooLarge));
    }
    expect(way.read(await way.send(oneSpan))).toEqual(way.stored(1));
  });

  test("B02 other paths are 404 and name the right one", async () => {
    for (const path of [
      "/",
      "/v1/metrics",
      "/v1/logs",
      "/v1/traces/",
      "/v1//traces",
      "/V1/traces",
    ]) {
      const answer = await way.send(oneSpan, { path });
      expect(way.read(answer)).toEqual(
        way.refused(404, "nothing is here: send traces to /v1/traces"),
      );
    }
  });

  test("B01 other methods are 405 with Allow", async () => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const answer = await way.send(oneSpan, { method });
      expect(way.read(answer)).toEqual(
        way.refused(405, `${method} is not supported here: send traces with POST`),
      );
      expect(answer.headers.allow).toBe("POST");
    }
    const head = await way.send(oneSpan, { method: "HEAD" });
    expect([head.status, head.headers.allow, head.body.byteLength]).toEqual([405, "POST", 0]);
  });

  test.each(["br", "zstd", "deflate", "gzip, gzip", "x"])(
    "B04 Content-Encoding %s is 415 and tells what would do",
    async (coding) => {
      const answer = await way.send(oneSpan, { headers: { "Content-Encoding": coding } });
      expect(way.read(answer)).toEqual(
        way.refused(415, `Content-Encoding "${coding}" is not supported: send gzip, or none`),
      );
      expect(answer.headers["accept-encoding"]).toBe("gzip, identity");
    },
  );

  test("D04 nothing is said to browsers of other origins", async () => {
    const headers = {
      Origin: "https://elsewhere.example",
      "Access-Control-Request-Method": "POST",
    };
    const answer = await way.send(oneSpan, { method: "OPTIONS", headers });
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
  });
});

test.each([
  [undefined, "there is no Content-Type"],
  ["text/plain", "this Content-Type is neither"],
  ["application/x-www-form-urlencoded", "this Content-Type is neither"],
  ["multipart/form-data; boundary=x", "this Content-Type is neither"],
])("B03 Content-Type %s is 415", async (contentType, given) => {
  const headers = contentType === undefined ? {} : { "Content-Type": contentType };
  const answer = await running.send(encodeRequest(oneSpan), { headers });
  expect([answer.status, answer.headers["content-type"]]).toEqual([415, "application/json"]);
  expect(JSON.parse(answer.body.toString())).toEqual({
    code: 3,
    message: `OTLP is sent as application/x-protobuf or application/json; ${given}`,
  });
});

test.each<[BodyFormat, string, string]>([
  ["protobuf", "\n\u0005", "5 bytes wanted, 0 left at byte 1"],
  ["json", "{", "not valid JSON at character 1"],
])(
  "B20 what cannot be decoded in %s is 400, with the details that OTLP asks for",
  async (format, body, message) => {
    const answer = await running.send(body, { headers: { "Content-Type": mediaTypes[format] } });
    expect([answer.status, answer.headers["content-type"]]).toEqual([400, mediaTypes[format]]);
    expect(readFailure(format, answer.body)).toMatchObject({ code: 3, message });
    expect(answer.body.toString()).toContain("type.googleapis.com/google.rpc.BadRequest");
  },
);

test("B22 a hundred bombs of 256 MiB are refused without much memory", async () => {
  const bomb = gzipSync(Buffer.alloc(256 * 1024 * 1024));
  const lying = Buffer.from(bomb);
  lying.writeUInt32LE(1, lying.byteLength - 4);
  const headers = { "Content-Type": mediaTypes.protobuf, "Content-Encoding": "gzip" };
  const before = process.memoryUsage().rss;
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, i) => running.send(i % 2 === 0 ? bomb : lying, { headers })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([413]));
  expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
});
