import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { encodeRequest } from "../encode-request.ts";
import { type BodyFormat, mediaTypes } from "../request.ts";
import { readFailure } from "../testing/answers.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { sampleRequest, sampleSpan } from "../testing/sample.ts";
import { bytesOf, hangUp, httpWays, named, pack, plainSuccess } from "../testing/ways.ts";

const oneSpan = sampleRequest(sampleSpan());
let running: RunningReceiver;
beforeAll(async () => {
  running = await RunningReceiver.start();
});
afterAll(async () => {
  hangUp();
  await running.stop();
});
beforeEach(() => {
  running.takeStored();
});

describe.each(named(httpWays))("%s:", (_, way) => {
  const body = pack(way, bytesOf(way, oneSpan));
  const type = mediaTypes[way.format];

  test.each(["; charset=utf-8", " ; charset=UTF-8;x=y", ""])(
    "A06 the content type in upper case and with %j is understood",
    async (parameters) => {
      const headers = { "Content-Type": type.toUpperCase() + parameters };
      expect(way.read(await way.post(running, body, { headers }))).toEqual(plainSuccess);
      expect(running.stored).toHaveLength(1);
    },
  );

  test("A07 an answer is not compressed without saying so", async () => {
    const answer = await way.post(running, body, { headers: { "Accept-Encoding": "gzip" } });
    const packed = answer.headers["content-encoding"] === "gzip";
    const plain = packed ? gunzipSync(answer.body) : answer.body;
    expect(way.read({ ...answer, body: plain })).toEqual(plainSuccess);
  });

  test("A08 a body in chunks of one byte is stored", async () => {
    expect(way.read(await way.post(running, body, { chunkBytes: 1 }))).toEqual(plainSuccess);
    expect(running.stored).toHaveLength(1);
  });

  test("A08 Expect: 100-continue is answered, then the request", async () => {
    const answer = await way.post(running, body, { headers: { Expect: "100-continue" } });
    expect(way.read(answer)).toEqual(plainSuccess);
    expect(running.stored).toHaveLength(1);
  });

  test("B01 other methods are 405 with Allow", async () => {
    for (const method of ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const answer = await way.post(running, body, { method });
      expect(way.read(answer)).toMatchObject({
        status: 405,
        message: `${method} is not supported here: send traces with POST`,
      });
      expect(answer.headers.allow).toBe("POST");
    }
    const head = await way.post(running, body, { method: "HEAD" });
    expect([head.status, head.headers.allow, head.body.byteLength]).toEqual([405, "POST", 0]);
    expect(running.stored).toEqual([]);
  });

  test.each(["/", "/v1/metrics", "/v1/logs", "/v1/traces/", "/v1//traces", "/V1/traces"])(
    "B02 %s is 404 and names the right path",
    async (path) => {
      expect(way.read(await way.post(running, body, { path }))).toMatchObject({
        status: 404,
        message: "nothing is here: send traces to /v1/traces",
      });
      expect(running.stored).toEqual([]);
    },
  );

  test.each(["br", "zstd", "deflate", "gzip, gzip", "x"])(
    "B04 Content-Encoding %s is 415 and tells what would do",
    async (coding) => {
      const answer = await way.post(running, body, { headers: { "Content-Encoding": coding } });
      expect(way.read(answer)).toMatchObject({
        status: 415,
        message: "this Content-Encoding is not supported: send gzip, or none",
      });
      expect(answer.headers["accept-encoding"]).toBe("gzip, identity");
      expect(running.stored).toEqual([]);
    },
  );

  test("B23 a body in chunks that grows too large is 413 while it is still being sent", async () => {
    const small = await RunningReceiver.start({ maxBodyBytes: 1000 });
    const answer = await way.post(small, Buffer.alloc(20_000_000), { chunkBytes: 1_000_000 });
    expect(way.read(answer)).toMatchObject({ status: 413 });
    await small.stop();
  });

  test("D04 nothing is said to browsers of other origins", async () => {
    const headers = {
      Origin: "https://elsewhere.example",
      "Access-Control-Request-Method": "POST",
    };
    const answer = await way.post(running, body, { method: "OPTIONS", headers });
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
  });
});

test.each([
  ["x-gzip", gzipSync(encodeRequest(oneSpan))],
  ["identity", encodeRequest(oneSpan)],
])("B04 Content-Encoding %s is understood", async (coding, body) => {
  const headers = { "Content-Type": mediaTypes.protobuf, "Content-Encoding": coding };
  expect((await running.send(body, { headers })).status).toBe(200);
  expect(running.stored).toHaveLength(1);
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
