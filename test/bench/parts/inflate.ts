import { gunzipSync, gzipSync } from "node:zlib";
import { inflate } from "../../../packages/receiver/src/inflate.ts";
import { cpuOf } from "../cpu.ts";
import type { Findings } from "../findings.ts";
import { modelCalls } from "../model-calls.ts";

const requests = 20;
const spansPerRequest = 512;
const limit = 64 * 1024 * 1024;

/** What inflating costs, into a buffer of the size that gzip tells and as Node does it by default. */
export function inflatePart(findings: Findings): void {
  for (const content of [false, true]) {
    const packed = [...modelCalls({ requests, spansPerRequest, content })].map((body) =>
      gzipSync(body),
    );
    const suffix = content ? ", with content" : "";
    const tell = (name: string, unpack: (body: Buffer) => unknown) => {
      const cpu = cpuOf(() => {
        for (const body of packed) unpack(body);
      });
      findings.tell(`${name}${suffix}`, cpu / requests / spansPerRequest, "µs CPU a span");
    };
    tell("gunzipSync", (body) => gunzipSync(body));
    tell("inflate", (body) => inflate(body, limit));
  }
}
