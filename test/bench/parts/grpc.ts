import { gzipSync } from "node:zlib";
import { frame, GrpcWire } from "../../../packages/receiver/src/testing/grpc-wire.ts";
import { Child } from "../child.ts";
import type { Findings } from "../findings.ts";
import { modelCalls } from "../model-calls.ts";
import { sendAll } from "../sender.ts";

const requests = 150;
const connections = 8;

/** The receiver without a store: what a request costs over HTTP and over gRPC. */
export async function grpcPart(findings: Findings): Promise<void> {
  const [child, ports] = await Child.start<{ http: number; grpc: number }>("receiver");
  const wires = Array.from({ length: connections }, () => new GrpcWire(ports.grpc));
  for (const content of [false, true]) {
    const [made = Buffer.alloc(0)] = modelCalls({ requests: 1, spansPerRequest: 512, content });
    const body = gzipSync(made);
    const ways: [string, () => Promise<unknown>][] = [
      [
        "HTTP",
        () => sendAll(new Array<Buffer>(requests).fill(body), { port: ports.http, connections }),
      ],
      ["gRPC", () => callAll(wires, frame(body, true))],
    ];
    for (const [name, send] of ways) {
      await send();
      let least = Number.POSITIVE_INFINITY;
      for (let round = 0; round < 3; round += 1) {
        const before = await child.cpu();
        await send();
        least = Math.min(least, (await child.cpu()) - before);
      }
      const suffix = content ? " with content" : "";
      findings.tell(`receiver, ${name}, 512 spans${suffix}`, least / requests, "µs CPU a request");
    }
  }
  for (const wire of wires) wire.close();
  await child.stop();
}

async function callAll(wires: readonly GrpcWire[], bytes: Buffer): Promise<void> {
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
