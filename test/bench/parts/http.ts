import { gzipSync } from "node:zlib";
import { Child } from "../child.ts";
import type { Findings } from "../findings.ts";
import { modelCalls } from "../model-calls.ts";
import { sendAll } from "../sender.ts";

/** What it costs to get a body out of a request, with Node alone, with express in front, and with `express.raw`. */
export async function httpPart(findings: Findings): Promise<void> {
  const [one] = modelCalls({ requests: 1, spansPerRequest: 512, content: false });
  const [rich] = modelCalls({ requests: 1, spansPerRequest: 512, content: true });
  const bodies: [name: string, body: Buffer, requests: number][] = [
    ["empty bodies", gzipSync(Buffer.alloc(0)), 4_000],
    ["512 spans", gzipSync(one ?? Buffer.alloc(0)), 500],
    ["512 spans with content", gzipSync(rich ?? Buffer.alloc(0)), 150],
  ];
  for (const server of ["node", "express", "express-raw"]) {
    const [child, port] = await Child.start<number>("http-server", server);
    for (const [name, body, requests] of bodies) {
      const cpu = await leastCpu(child, port, new Array<Buffer>(requests).fill(body));
      findings.tell(`${server}, ${name}`, cpu / requests, "µs CPU a request");
    }
    await child.stop();
  }
}

/** Of three rounds, after one that nothing is told of: what is compiled once is not counted. */
async function leastCpu(child: Child, port: number, bodies: readonly Buffer[]): Promise<number> {
  await sendAll(bodies, { port });
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 3; round += 1) {
    const before = await child.cpu();
    await sendAll(bodies, { port });
    least = Math.min(least, (await child.cpu()) - before);
  }
  return least;
}
