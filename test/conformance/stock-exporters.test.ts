import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Serving, startServing } from "./serving.ts";

const run = promisify(execFile);
const here = resolve("test/conformance");
const python = resolve(".cache/otlp-python/bin/python");
const goProgram = resolve(".cache/otlp-go/send");

/** A program that sends one span through the exporters of its language. Both are kept between runs. */
interface Peer {
  readonly language: string;
  readonly command: readonly [program: string, ...args: string[]];
  install(): Promise<unknown>;
}

const peers: readonly Peer[] = [
  {
    language: "Python",
    command: [python, resolve(here, "python/send.py")],
    async install() {
      if (!existsSync(python)) await run("python3", ["-m", "venv", resolve(python, "../..")]);
      const wanted = resolve(here, "python/requirements.txt");
      await run(python, ["-m", "pip", "install", "--quiet", "-r", wanted], { timeout: 60_000 });
    },
  },
  {
    language: "Go",
    command: [goProgram],
    install: () =>
      run("go", ["build", "-o", goProgram, "."], { cwd: resolve(here, "go"), timeout: 170_000 }),
  },
];

let serving: Serving;
beforeAll(async () => {
  serving = await startServing();
});
afterAll(async () => {
  expect(await serving.stop()).toBe(0);
});

describe.each(peers)("$language's exporters", ({ language, command, install }) => {
  /** Why they cannot be had on this machine; `undefined` where they can. */
  let missing: string | undefined;
  beforeAll(async () => {
    missing = await install().then(
      () => undefined,
      (error: Error) => `no ${language} with OpenTelemetry's exporters: ${error.message}`,
    );
  }, 180_000);

  test.for([
    ["http", "none"],
    ["http", "gzip"],
    ["grpc", "none"],
    ["grpc", "gzip"],
  ])(
    "A10 a span by %s, compression %s, is stored",
    async ([protocol = "", compression = ""], { skip }) => {
      if (missing !== undefined) skip(missing);
      const port = protocol === "grpc" ? serving.grpcPort : serving.port;
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
        ...(compression === "gzip" && { OTEL_EXPORTER_OTLP_COMPRESSION: compression }),
      };
      const [program, ...args] = command;
      const { stdout, stderr } = await run(program, [...args, protocol], { env });
      expect(stderr).toBe("");
      const rows = await serving.query(
        `select input_tokens, count(*) as n from cost_records where trace_id = '${stdout.trim()}' group by all`,
      );
      expect(rows).toEqual([{ input_tokens: 1523, n: 1 }]);
    },
  );
});
