import { connect } from "node:net";
import { type EventLoopUtilization, performance } from "node:perf_hooks";
import { setTimeout as delay } from "node:timers/promises";
import { afterEach, expect, test } from "vitest";
import { encodeRequest } from "../encode-request.ts";
import { mediaTypes } from "../request.ts";
import type { ReceiverOptions } from "../settings.ts";
import { HeldSink } from "../testing/held-sink.ts";
import { RunningReceiver } from "../testing/running-receiver.ts";
import { sampleRequest, sampleSpan, sampleSpans } from "../testing/sample.ts";

let running: RunningReceiver | undefined;
afterEach(() => running?.stop());

async function start(options: Partial<ReceiverOptions> = {}): Promise<RunningReceiver> {
  running = await RunningReceiver.start(options);
  return running;
}

const body = JSON.stringify(sampleRequest(sampleSpan()));

const jsonHeaders = { "Content-Type": mediaTypes.json };

/** A request as it goes over the wire. `headers` stand in for its length where given. */
function wire(headers = `Content-Length: ${Buffer.byteLength(body)}`): string {
  const lines = ["POST /v1/traces HTTP/1.1", "Host: x", "Content-Type: application/json", headers];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** The statuses in what came back over a socket. */
function statuses(answer: string): number[] {
  return [...answer.matchAll(/HTTP\/1\.1 (\d{3})/g)].map((match) => Number(match[1]));
}

test.each([
  ["Content-Length that is negative", wire("Content-Length: -5")],
  ["two Content-Lengths", wire("Content-Length: 5\r\nContent-Length: 6")],
  ["Content-Length and chunks", wire("Content-Length: 5\r\nTransfer-Encoding: chunked")],
  ["a bad chunk", wire("Transfer-Encoding: chunked")],
  ["no Host", wire().replace("Host: x\r\n", "")],
  ["an HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
  ["a TLS hello", Buffer.from("160301020001000001fc0303", "hex")],
])("B24 %s is 400, and the connection is closed", async (_, text) => {
  const receiver = await start();
  const answer = await receiver.sendRaw(text, { thenEnd: true });
  expect(statuses(answer)).toEqual([400]);
  expect(receiver.stored).toEqual([]);
});

test("B24 what is not HTTP is answered with a status in JSON", async () => {
  const receiver = await start();
  const answer = await receiver.sendRaw("nonsense\r\n\r\n");
  const content = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  expect(answer).toContain("Content-Type: application/json\r\n");
  expect(JSON.parse(content)).toMatchObject({ code: 3, message: "Bad Request" });
});

test("B24 headers of 32 kB are 431", async () => {
  const receiver = await start();
  const answer = await receiver.sendRaw(wire(`X: ${"x".repeat(32_000)}`));
  expect(statuses(answer)).toEqual([431]);
});

test("B24 a length that is too short: what it cuts off is 400, and the connection is closed", async () => {
  const receiver = await start();
  const answer = await receiver.sendRaw(wire(`Content-Length: ${body.length - 10}`));
  expect(statuses(answer)).toEqual([400]);
  expect(receiver.stored).toEqual([]);
});

test("B24 garbage after a good request does not cost it its answer", async () => {
  const sink = new HeldSink();
  const receiver = await start({ sink });
  const answer = receiver.sendRaw(`${wire()}garbage\r\n\r\n`);
  await expect.poll(() => sink.begun).toBe(1);
  sink.release();
  expect(statuses(await answer)).toEqual([200]);
});

test("B24 B26 a body that ends early stores nothing", async () => {
  const receiver = await start();
  await receiver.sendRaw(wire(`Content-Length: ${body.length + 5}`), { thenEnd: true });
  expect(receiver.stored).toEqual([]);
  expect(receiver.errors).toEqual([]);
});

test("A09 a hundred pipelined requests are answered on one connection", async () => {
  const receiver = await start();
  const last = wire().replace("Host: x", "Host: x\r\nConnection: close");
  const answer = await receiver.sendRaw(wire().repeat(99) + last);
  expect(statuses(answer)).toEqual(Array(100).fill(200));
  expect(receiver.stored).toHaveLength(100);
});

test("A09 a connection is kept for 75 s, longer than senders wait between batches", async () => {
  const receiver = await start();
  const { headers } = await receiver.send(body, { headers: jsonHeaders });
  expect(headers["keep-alive"]).toBe("timeout=75");
});

test("B25 headers and bodies that drip are cut off with 408, and others are served meanwhile", async () => {
  const receiver = await start({ timeouts: { headers: 200, request: 400 } });
  const slow = [
    ...Array.from({ length: 1000 }, () => "POST /v1/traces HTTP/1.1\r\nX: "),
    ...Array.from({ length: 200 }, () => wire("Content-Length: 100000")),
  ].map((text) => receiver.sendRaw(text));
  expect((await receiver.send(body, { headers: jsonHeaders })).status).toBe(200);
  const answers = await Promise.all(slow);
  expect(answers.flatMap(statuses)).toEqual(Array(1200).fill(408));
  expect(receiver.stored).toHaveLength(1);
});

test("B26 a sender that leaves before the answer has its spans stored", async () => {
  const sink = new HeldSink();
  const receiver = await start({ sink });
  const socket = connect(receiver.port, "127.0.0.1", () => socket.write(wire()));
  await expect.poll(() => sink.begun).toBe(1);
  socket.destroy();
  await delay(20);
  sink.release();
  expect(sink.stored).toBe(1);
  expect(receiver.errors).toEqual([]);
});

test("a port that is taken is told by rejection", async () => {
  const receiver = await start();
  const { receiver: second } = new RunningReceiver({});
  await expect(second.listen("127.0.0.1", receiver.port)).rejects.toThrow("EADDRINUSE");
  await expect(second.grpc.listen("127.0.0.1", receiver.grpcPort)).rejects.toThrow("EADDRINUSE");
  await second.close();
});

test("B25 who sends requests and takes no answers is hung up on", async () => {
  const receiver = await start({ timeouts: { headers: 100, request: 200, keepAlive: 200 } });
  const count = 100_000;
  const bad = "GET /v1/traces HTTP/1.1\r\nHost: x\r\n\r\n";
  const socket = connect(receiver.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.pause();
  socket.write(bad.repeat(count));
  // A second in which nothing happened: it has stopped reading, and its patience is over.
  let before: EventLoopUtilization;
  do {
    before = performance.eventLoopUtilization();
    await delay(1_000);
  } while (performance.eventLoopUtilization(before).utilization > 0.2);
  let answered = 0;
  socket.on("data", (chunk) => {
    answered += chunk.toString("latin1").split("HTTP/1.1 405").length - 1;
  });
  socket.resume();
  await new Promise((resolve) => socket.on("close", resolve));
  expect(answered).toBeGreaterThan(0);
  expect(answered).toBeLessThan(count);
  expect((await receiver.send(body, { headers: jsonHeaders })).status).toBe(200);
});

test("B25 connections beyond the limit are closed, and those that are open are served", async () => {
  const receiver = await start({ maxConnections: 4 });
  for (const port of [receiver.port, receiver.grpcPort]) {
    const sockets = Array.from({ length: 12 }, () => connect(port, "127.0.0.1"));
    const open = new Set(sockets);
    for (const socket of sockets) {
      socket.on("error", () => undefined);
      socket.on("close", () => open.delete(socket));
      socket.resume();
    }
    await expect.poll(() => open.size).toBe(4);
    for (const socket of sockets) socket.destroy();
  }
  await expect
    .poll(() => receiver.send(body, { headers: jsonHeaders }).then(({ status }) => status, String))
    .toBe(200);
});

test("B11 other requests are served while a large one is decoded", async () => {
  const receiver = await start();
  const large = encodeRequest(sampleRequest(...sampleSpans(100_000)));
  const headers = { "Content-Type": mediaTypes.protobuf };
  const order: string[] = [];
  const first = receiver.send(large, { headers }).then(() => order.push("large"));
  await delay(30);
  const second = receiver.send(new Uint8Array(), { headers }).then(() => order.push("small"));
  await Promise.all([first, second]);
  expect(order).toEqual(["small", "large"]);
});
