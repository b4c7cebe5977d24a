// Sends model calls that were never sent before at a steady rate, and tells how long the answers took since it was asked last.
import { Agent } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { modelCalls } from "../model-calls.ts";
import { post } from "../sender.ts";

const [, , port = "", rate = ""] = process.argv;
const spansPerRequest = 256;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
let latencies: number[] = [];
let spans = 0;

process.on("message", () => {
  process.send?.({ latencies, spans });
  latencies = [];
  spans = 0;
});
process.send?.(0);

async function send(body: Buffer): Promise<void> {
  const begun = performance.now();
  await post(agent, Number(port), "/v1/traces", gzipSync(body, { level: 1 }));
  latencies.push(performance.now() - begun);
  spans += spansPerRequest;
}

const shape = { requests: Number.POSITIVE_INFINITY, spansPerRequest, content: false };
let due = performance.now();
for (const body of modelCalls(shape)) {
  due += (spansPerRequest / Number(rate)) * 1000;
  await delay(Math.max(0, due - performance.now()));
  void send(body);
}
