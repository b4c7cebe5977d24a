import { brotliCompressSync, gzipSync } from "node:zlib";
import { encodeRequest } from "@spancost/receiver";
import { expect, onTestFinished, test } from "vitest";
import { type Receiving, startReceiving } from "../flow/receiving.ts";
import { emitter, requestOf, type Sent } from "./spans.ts";

const openAi = emitter("@opentelemetry/instrumentation-openai 0.22.0", { kind: "client" });

function call(trace: number): Sent {
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.system": "openai",
    "gen_ai.request.model": "gpt-5-mini",
    "gen_ai.usage.input_tokens": 1_000_000,
    "gen_ai.usage.output_tokens": 0,
  };
  return openAi("1", [0, 90], "chat gpt-5-mini", attributes, { trace });
}

async function receiving(): Promise<Receiving> {
  const started = await startReceiving(":memory:");
  onTestFinished(() => started.stop());
  return started;
}

async function booked({ store }: Receiving) {
  const { rows } = await store.readRows(
    "select count(*) as calls, sum(cost_usd)::varchar as usd from cost_records",
  );
  return rows[0];
}

const protobuf = (trace: number) => encodeRequest(requestOf([call(trace)]));
const json = (trace: number) => JSON.stringify(requestOf([call(trace)]));

test.each([
  ["protobuf", "application/x-protobuf", "application/x-protobuf", protobuf(1)],
  ["JSON", "application/json", "application/json", json(1)],
  ["JSON with a charset", "application/json; charset=utf-8", "application/json", json(1)],
  ["protobuf in capitals", "Application/X-Protobuf", "application/x-protobuf", protobuf(1)],
])(
  "%s is answered in the type that was sent (langfuse/langfuse#11550)",
  async (_, sent, answered, body) => {
    const to = await receiving();
    const answer = await to.post(body, { "Content-Type": sent });
    expect([answer.status, answer.type]).toEqual([200, answered]);
    // An empty ExportTraceServiceResponse: no bytes in protobuf, `{}` in JSON.
    expect(answer.text).toBe(answered === "application/json" ? "{}" : "");
    expect(await booked(to)).toEqual({ calls: 1, usd: "0.250000000000" });
  },
);

test.each([
  ["protobuf", "application/x-protobuf", Buffer.from([0xff])],
  ["JSON", "application/json", "{"],
])(
  "a fault in %s is answered in that type too (langfuse/langfuse#11550)",
  async (_, type, body) => {
    const answer = await (await receiving()).post(body, { "Content-Type": type });
    expect([answer.status, answer.type]).toEqual([400, type]);
  },
);

test("both encodings, plain and compressed, are one bill (DEVtheOPS/opencode-plugin-otel#50)", async () => {
  const to = await receiving();
  const gzip = { "Content-Encoding": "gzip" };
  const asProtobuf = { "Content-Type": "application/x-protobuf" };
  const asJson = { "Content-Type": "application/json" };
  const answers = [
    await to.post(protobuf(1), asProtobuf),
    await to.post(json(2), asJson),
    await to.post(gzipSync(protobuf(3)), { ...asProtobuf, ...gzip }),
    await to.post(gzipSync(json(4)), { ...asJson, ...gzip }),
    // The same once more, in the other encoding: an exporter that lost its answer sends again.
    await to.post(json(1), asJson),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  expect(await booked(to)).toEqual({ calls: 4, usd: "1.000000000000" });
});

test("what cannot be read is refused with the reason, and the sender can send it again", async () => {
  const to = await receiving();
  const headers = { "Content-Type": "application/json", "Content-Encoding": "br" };
  expect((await to.post(brotliCompressSync(json(1)), headers)).status).toBe(415);
  expect((await to.post(json(1), { "Content-Type": "text/plain" })).status).toBe(415);
  expect((await to.post(json(1), { "Content-Type": "application/json" })).status).toBe(200);
  expect(await booked(to)).toEqual({ calls: 1, usd: "0.250000000000" });
});

test("many senders at once, each sending all of it, are one bill", async () => {
  const to = await receiving();
  const bodies = Array.from({ length: 20 }, (_, index) => json(index + 1));
  const senders = Array.from({ length: 4 }, async (_, sender) => {
    const own = sender % 2 === 0 ? bodies : bodies.toReversed();
    for (const body of own) await to.post(body, { "Content-Type": "application/json" });
  });
  await Promise.all(senders);
  expect(await booked(to)).toEqual({ calls: 20, usd: "5.000000000000" });
});
