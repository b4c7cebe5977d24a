import { gzipSync } from "node:zlib";
import { frame, GrpcWire } from "../../../packages/receiver/src/testing/grpc-wire.ts";
import { Child } from "../child.ts";
import type { Findings } from "../findings.ts";
import { modelCalls } from "../model-calls.ts";
import { sendAll } from "../sender.ts";

const connections = 8;

interface Ports {
  readonly http: number;
  readonly grpc: number;
}

const cases = [
  { name: "512 spans", spansPerRequest: 512, content: false, requests: 150 },
  { name: "512 spans with content", spansPerRequest: 512, content: true, requests: 100 },
  { name: "8 spans", spansPerRequest: 8, content: false, requests: 2_000 },
];

/** The receiver without a store, so all but making spans durable: what a request costs over HTTP and over gRPC. */
export async function receiverPart(findings: Findings): Promise<void> {
  const [child, ports] = await Child.start<Ports>("receiver");
  const wires = Array.from({ length: connections }, () => new GrpcWire(ports.grpc));
  for (const { name, spansPerRequest, content, requests } of cases) {
    const [made = Buffer.alloc(0)] = modelCalls({ requests: 1, spansPerRequest, content });
    const body = gzipSync(made);
    const bodies = new Array<Buffer>(requests).fill(body);
    const sendings: [string, () => Promise<unknown>][] = [
      ["HTTP", () => sendAll(bodies, { port: ports.http, connections })],
      ["gRPC", () => callAll(wires, frame(body, true), requests)],
    ];
    for (const [way, send] of sendings) {
      const cpu = await leastCpu(child, send);
      findings.tell(`receiver, ${way}, ${name}`, cpu / requests, "µs CPU a request");
    }
  }
  for (const wire of wires) wire.close();
  await child.stop();
}

/** Of three rounds, after one that nothing is told of: what is compiled once is not counted. */
async function leastCpu(child: Child, send: () => Promise<unknown>): Promise<number> {
  await send();
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const before = await child.cpu();
    await send();
    least = Math.min(least, (await child.cpu()) - before);
  }
  return least;
}

async function callAll(wires: readonly GrpcWire[], bytes: Buffer, requests: number): Promise<void> {
  let left = requests;
  await Promise.all(
    wires.map(async (wire) => {
      while (left-- > 0) {
        const { code } = await wire.call(bytes, { headers: { "grpc-encoding": "gzip" } });
        if (code !== 0) throw new Error(`gRPC answers ${code}`);
      }
    }),
  );
}
