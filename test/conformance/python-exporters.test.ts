import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Serving, startServing } from "./serving.ts";

const run = promisify(execFile);
const here = resolve("test/conformance/python");
const folder = resolve(".cache/otlp-python");
const python = resolve(folder, "bin/python");

/** Why Python's exporters cannot be had on this machine; `undefined` where they can. */
async function whyNot(): Promise<string | undefined> {
  try {
    if (!existsSync(python)) await run("python3", ["-m", "venv", folder]);
    const install = ["-m", "pip", "install", "--quiet", "-r", resolve(here, "requirements.txt")];
    await run(python, install, { timeout: 60_000 });
    return undefined;
  } catch (error) {
    return `no Python with OpenTelemetry's exporters: ${(error as Error).message}`;
  }
}

let missing: string | undefined;
let serving: Serving;
beforeAll(async () => {
  missing = await whyNot();
  serving = await startServing();
}, 120_000);
afterAll(async () => {
  expect(await serving.stop()).toBe(0);
});

test.for([
  ["http", "none"],
  ["http", "gzip"],
  ["grpc", "none"],
  ["grpc", "gzip"],
])(
  "A10 a span of Python's %s exporter, compression %s, is stored",
  async ([protocol = "", compression = ""], { skip }) => {
    if (missing !== undefined) skip(missing);
    const port = protocol === "grpc" ? serving.grpcPort : serving.port;
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
      ...(compression === "gzip" && { OTEL_EXPORTER_OTLP_COMPRESSION: compression }),
    };
    const { stdout, stderr } = await run(python, [resolve(here, "send.py"), protocol], { env });
    expect(stderr).toBe("");
    const rows = await serving.query(
      `select input_tokens, count(*) as n from cost_records where trace_id = '${stdout.trim()}' group by all`,
    );
    expect(rows).toEqual([{ input_tokens: 1523, n: 1 }]);
  },
);
