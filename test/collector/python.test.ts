import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ReceiverProcess } from "../faults/receiver-process.ts";
import { emitters } from "../record/emitters.ts";
import { startModelServer } from "../record/model-server.ts";
import { plans } from "../record/plan.ts";
import { listCost } from "../services/list-prices.ts";
import { Collector, missing, sets } from "./collector.ts";

const run = promisify(execFile);

/** Real SDKs, in the versions that captures are recorded with. More of them, which take minutes to install: SPANCOST_COLLECTOR_PYTHON=all */
const setUps = [
  { name: "pydantic-ai", scenarios: ["chat", "agent-loop-retry"] },
  ...(process.env["SPANCOST_COLLECTOR_PYTHON"] === "all"
    ? [
        { name: "openllmetry-python", scenarios: ["chat", "tool-loop"] },
        { name: "otel-genai", scenarios: ["chat", "tool-loop-retry", "langgraph-loop"] },
        { name: "openinference-python", scenarios: ["chat", "tool-loop", "agents-sdk-loop"] },
        { name: "litellm", scenarios: ["chat", "tool-loop"] },
      ]
    : []),
];

/** Milliseconds that an installation may take. */
const installing = setUps.length > 1 ? 600_000 : 100_000;

/** An interpreter with the packages of `test/record/python/<file>`, kept between runs. */
async function pythonWith(file: string): Promise<string> {
  const folder = resolve(".cache/collector-python", file.replace(/\.txt$/, ""));
  const python = join(folder, "bin/python");
  if (existsSync(join(folder, "installed"))) return python;
  mkdirSync(folder, { recursive: true });
  await run("python3", ["-m", "venv", folder]);
  const wanted = resolve("test/record/python", file);
  await run(python, ["-m", "pip", "install", "--quiet", "-r", wanted], { timeout: installing });
  writeFileSync(join(folder, "installed"), "");
  return python;
}

describe.runIf(missing === undefined).each(setUps)("$name, in Python", ({ name, scenarios }) => {
  const emitter = emitters.find((each) => each.name === name);
  if (emitter === undefined) throw new Error(`there is no emitter ${name}`);
  let python = "";
  /** Why it cannot be had on this machine; `undefined` where it can. */
  let without: string | undefined;
  let folder: string;
  let receiver: ReceiverProcess;
  let collector: Collector;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "spancost-python-"));
    try {
      python = await pythonWith(emitter.packages);
    } catch (error) {
      without = `no Python with ${emitter.packages}: ${(error as Error).message.split("\n")[0]}`;
    }
    receiver = await ReceiverProcess.start(join(folder, "costs.duckdb"));
    collector = await Collector.start({
      files: sets.agent,
      folder,
      env: { SPANCOST_GRPC: receiver.target.grpc },
    });
  }, installing + 60_000);
  afterAll(async () => {
    await collector?.kill();
    await receiver?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test("costs what the model server bills, through a Collector", async ({ skip }) => {
    if (without !== undefined) return skip(without);
    let billed = 0n;
    let calls = 0;
    let output = 0;
    for (const scenario of scenarios) {
      const plan = emitter.scenarios[scenario];
      if (plan === undefined) throw new Error(`${name} has no scenario ${scenario}`);
      const server = await startModelServer(plans[plan]);
      await run(python, [resolve("test/record/python", emitter.program), scenario], {
        timeout: 60_000,
        env: {
          ...process.env,
          MODEL_SERVER: server.url,
          OTEL_EXPORTER_OTLP_ENDPOINT: collector.target.http,
          OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
          NO_PROXY: "127.0.0.1",
          ...emitter.env,
        },
      });
      for (const { usage, model_requested } of server.log) {
        if (usage === undefined) continue;
        billed += BigInt(listCost(model_requested, usage).replace(".", ""));
        calls += 1;
        output += usage.output;
      }
      await server.close();
    }
    expect(calls).toBeGreaterThan(scenarios.length);
    const answer = () =>
      receiver.ask(
        "select count(*) as calls, sum(output_tokens)::int as output, sum(cost_usd)::varchar as cost from cost_records",
      );
    await expect
      .poll(answer, { timeout: 20_000, interval: 200 })
      .toEqual([{ calls, output, cost: usd(billed) }]);
  });
});

function usd(pico: bigint): string {
  const digits = pico.toString().padStart(13, "0");
  return `${digits.slice(0, -12)}.${digits.slice(-12)}`;
}
