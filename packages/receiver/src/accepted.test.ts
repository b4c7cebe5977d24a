import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ProtobufDecoder } from "./decode-protobuf.ts";
import { decodeRequest } from "./decoder.ts";
import { encodeRequest } from "./encode-request.ts";
import { mediaTypes } from "./request.ts";
import { readSuccess } from "./testing/answers.ts";
import { RunningReceiver } from "./testing/running-receiver.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "./testing/sample.ts";
import { Way, ways } from "./testing/way.ts";

let running: RunningReceiver;
beforeAll(async () => {
  running = await RunningReceiver.start();
});
afterAll(() => running.stop());
beforeEach(() => {
  running.takeStored();
});

const oneSpan = sampleRequest(sampleSpan());
const decoder = new ProtobufDecoder({ keepAttribute: () => true });
const decodedSpan = decodeRequest(decoder, encodeRequest(oneSpan)).spans;

describe.each(ways)("%s, %s:", (format, encoding) => {
  const way = new Way(format, encoding, () => running);

  test("A01 A02 one span is stored and answered by an empty success", async () => {
    expect(way.read(await way.send(oneSpan))).toEqual(way.stored(1));
    expect(running.stored).toEqual(decodedSpan);
  });

  test("A04 an empty request is a success", async () => {
    expect(way.read(await way.send({}))).toEqual(way.stored(0));
  });

  test("A05 empty envelopes are a success", async () => {
    expect(
      way.read(await way.send({ resourceSpans: [{}, { scopeSpans: [{}, { spans: [] }] }] })),
    ).toEqual(way.stored(0));
  });

  test.each(["; charset=utf-8", " ; charset=UTF-8;x=y", ""])(
    "A06 the content type in upper case and with %j is understood",
    async (parameters) => {
      const type = mediaTypes[way.format].toUpperCase() + parameters;
      expect(way.read(await way.send(oneSpan, { headers: { "Content-Type": type } }))).toEqual(
        way.stored(1),
      );
    },
  );

  test("A07 an answer is not compressed without saying so", async () => {
    const answer = await way.send(oneSpan, { headers: { "Accept-Encoding": "gzip" } });
    const packed = answer.headers["content-encoding"] === "gzip";
    const body = packed ? gunzipSync(answer.body) : answer.body;
    expect(way.read({ ...answer, body })).toEqual(way.stored(1));
  });

  test("A08 a body in chunks of one byte is stored", async () => {
    expect(way.read(await way.send(oneSpan, { chunkBytes: 1 }))).toEqual(way.stored(1));
  });

  test("A08 Expect: 100-continue is answered", async () => {
    expect(way.read(await way.send(oneSpan, { headers: { Expect: "100-continue" } }))).toEqual(
      way.stored(1),
    );
  });

  test("A09 a hundred requests on few connections are all answered", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, () => way.send(oneSpan)));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(200));
    expect(running.stored).toHaveLength(100);
  });

  test("A11 two services and 500 spans keep to their own resource", async () => {
    const list = (service: string) => ({
      resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
      scopeSpans: [
        { scope: { name: `${service}-lib` }, spans: sampleSpans(125) },
        { scope: { name: "http" }, spans: sampleSpans(125) },
      ],
    });
    expect(way.read(await way.send({ resourceSpans: [list("a"), list("b")] }))).toEqual(
      way.stored(500),
    );
    const counts: Record<string, number> = {};
    for (const { resource, scope } of running.stored) {
      const place = `${resource.attributes.get("service.name")} ${scope.name}`;
      counts[place] = (counts[place] ?? 0) + 1;
    }
    expect(counts).toEqual({ "a a-lib": 125, "a http": 125, "b b-lib": 125, "b http": 125 });
  });

  test("B14 bad spans are counted in a partial success, and the good are stored", async () => {
    const bad = sampleSpan({ traceId: "abcd" });
    const answer = await way.send(sampleRequest(bad, sampleSpan(), bad));
    expect(answer.status).toBe(200);
    expect(answer.headers["content-type"]).toBe(mediaTypes[way.format]);
    expect(readSuccess(way.format, answer.body)).toMatchObject({
      rejectedSpans: 2,
      message: expect.stringMatching(/^span rejected: trace_?id .* \(2 times, first at .*\)$/i),
    });
    expect(running.stored).toEqual(decodedSpan);
  });

  test("B16 values that are no token count are passed on as they are", async () => {
    const values = [
      [{ intValue: "-1" }, -1],
      [{ intValue: "9223372036854775807" }, 9223372036854775807n],
      [{ doubleValue: 1e308 }, 1e308],
      [{ stringValue: "12" }, "12"],
      [{ boolValue: true }, true],
      [{ arrayValue: { values: [{ intValue: "1" }] } }, [1]],
      [{ doubleValue: 1.5 }, 1.5],
    ] as const;
    const attributes = values.map(([value], index) => ({ key: `a${index}`, value }));
    expect(way.read(await way.send(sampleRequest(sampleSpan({ attributes }))))).toEqual(
      way.stored(1),
    );
    expect(running.stored[0]?.attributes).toEqual(
      new Map<string, unknown>(values.map(([, decoded], index) => [`a${index}`, decoded])),
    );
  });

  test("B17 times that cannot be are stored within bounds", async () => {
    const times = ["0", "1", "10413792000000000000", "18446744073709551615"];
    const spans = times.map((startTimeUnixNano) =>
      sampleSpan({ startTimeUnixNano, endTimeUnixNano: "5000" }),
    );
    expect(way.read(await way.send(sampleRequest(...spans)))).toEqual(way.stored(4));
    expect(running.stored.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
      [0, 5],
      [0, 5],
      [8_993_721_600_000_000, 5],
      [8_993_721_600_000_000, 5],
    ]);
  });

  test("B21 text that means something elsewhere is stored as it is", async () => {
    const texts = [
      "'; DROP TABLE spans;--",
      "{x:String}",
      "a\u0000b",
      "%s",
      `\${jndi:x}`,
      "=1+1",
      "<script>",
      "\u001b[31m",
    ];
    const attributes = texts.map((text) => ({ key: text, value: { stringValue: text } }));
    expect(way.read(await way.send(sampleRequest(sampleSpan({ attributes }))))).toEqual(
      way.stored(1),
    );
    expect(running.stored[0]?.attributes).toEqual(new Map(texts.map((text) => [text, text])));
  });

  test("B13 text beyond ASCII is stored as it is, in names and keys", async () => {
    const text = "naïve \u202eabc 😀";
    const attributes = [{ key: text, value: { stringValue: text } }];
    expect(way.read(await way.send(sampleRequest(sampleSpan({ name: text, attributes }))))).toEqual(
      way.stored(1),
    );
    expect(running.stored[0]).toMatchObject({ name: text, attributes: new Map([[text, text]]) });
  });
});

test.each([
  ["x-gzip", gzipSync(encodeRequest(oneSpan))],
  ["identity", encodeRequest(oneSpan)],
])("B04 Content-Encoding %s is understood", async (coding, body) => {
  const headers = { "Content-Type": mediaTypes.protobuf, "Content-Encoding": coding };
  expect((await running.send(body, { headers })).status).toBe(200);
  expect(running.stored).toEqual(decodedSpan);
});

test("A03 gzip of two members stores the spans of both", async () => {
  const body = Buffer.concat([gzipSync(encodeRequest(oneSpan)), gzipSync(encodeRequest(oneSpan))]);
  const headers = { "Content-Type": mediaTypes.protobuf, "Content-Encoding": "gzip" };
  expect((await running.send(body, { headers })).status).toBe(200);
  expect(running.stored).toHaveLength(2);
});

test("A17 a warning is a partial success that rejects nothing", async () => {
  const headers = { "Content-Type": mediaTypes.json };
  const answer = await running.send('{"resource_spans":[{}]}', { headers });
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body.toString())).toEqual({
    partialSuccess: {
      rejectedSpans: "0",
      errorMessage: "resource_spans ignored: OTLP/JSON has spans in resourceSpans (at the top)",
    },
  });
});
