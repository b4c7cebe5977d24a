import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { OtlpRequest } from "@spancost/receiver";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Calls } from "../faults/load/calls.ts";
import { Exporter } from "../faults/load/sending.ts";
import { ReceiverProcess } from "../faults/receiver-process.ts";
import { runCommand } from "../flow/command.ts";
import { Collector, missing, sets } from "./collector.ts";
import { HttpSink } from "./sinks.ts";

const way = { format: "protobuf", gzip: true } as const;

interface GapRow {
  readonly model: string;
  readonly counted_calls: number;
  readonly missing_calls: number;
  readonly missing_input_tokens: number;
  readonly missing_output_tokens: number;
}

/** The same calls, failed before anything was used. */
function withoutAnswer({ resourceSpans = [] }: OtlpRequest): OtlpRequest {
  return {
    resourceSpans: resourceSpans.map(({ resource, scopeSpans = [] }) => ({
      ...(resource !== undefined && { resource }),
      scopeSpans: scopeSpans.map(({ spans = [] }) => ({
        spans: spans.map((span) => ({
          ...span,
          attributes: span.attributes?.filter(({ key }) => !key.startsWith("gen_ai.usage.")) ?? [],
          status: { code: 2 },
        })),
      })),
    })),
  };
}

describe.runIf(missing === undefined)("what a Collector counts before it samples", () => {
  let folder: string;
  let receiver: ReceiverProcess;
  let collector: Collector | undefined;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "spancost-counters-"));
    receiver = await ReceiverProcess.start(join(folder, "costs.duckdb"));
  });
  afterEach(async () => {
    await collector?.kill();
    await receiver.kill();
    rmSync(folder, { recursive: true });
  });

  async function gap(): Promise<readonly GapRow[]> {
    const counters = await fetch(`http://127.0.0.1:${collector?.ports.counters}/metrics`);
    const args = ["query", "sampling_gap", "--json", "--url", receiver.url];
    const { code, stdout, stderr } = await runCommand(folder, [
      ...args,
      "--param",
      `counters=${await counters.text()}`,
    ]);
    if (code !== 0) throw new Error(stderr);
    return (JSON.parse(stdout) as { rows: GapRow[] }).rows;
  }

  test("is what is recorded, and shows what was not sent through it", async () => {
    await using backend = await HttpSink.start();
    collector = await Collector.start({
      files: sets["gateway with tail sampling and counters"],
      folder,
      env: { SPANCOST_ENDPOINT: receiver.target.http, BACKEND_ENDPOINT: backend.url },
    });
    const calls = new Calls(11, Date.now() - 3_600_000);
    const exporter = new Exporter();
    const numbers = Array.from({ length: 2_000 }, (_, nth) => nth + 1);
    for (let first = 0; first < numbers.length; first += 500) {
      const request = calls.request(numbers.slice(first, first + 500));
      expect((await exporter.send(collector.target, request, way)).kind).toBe("acked");
    }
    const attempts = withoutAnswer(calls.request([3_002, 3_003]));
    expect((await exporter.send(collector.target, attempts, way)).kind).toBe("acked");
    const sent = numbers.length + 2;
    const arrived = async () =>
      Number((await receiver.ask("select count(*) as n from spans"))[0]?.["n"]);
    const until = performance.now() + 30_000;
    while ((await arrived()) < sent && performance.now() < until) await delay(200);

    const equal = await gap();
    expect(equal.map(({ model }) => model).toSorted()).toEqual([
      "claude-haiku-4-5",
      "gpt-4.1-mini",
      "gpt-5-mini",
    ]);
    expect(equal.reduce((sum, row) => sum + row.counted_calls, 0)).toBe(1_500);
    for (const row of equal) {
      expect(row).toMatchObject({
        missing_calls: 0,
        missing_input_tokens: 0,
        missing_output_tokens: 0,
      });
    }

    // Past the Collector: recorded, and not counted.
    const past = calls.request([2_001, 2_002, 2_003, 2_004]);
    expect((await exporter.send(receiver.target, past, way)).kind).toBe("acked");
    while ((await arrived()) < sent + 4) await delay(50);
    exporter.close();
    const after = await gap();
    expect(after.reduce((sum, row) => sum + row.missing_calls, 0)).toBe(-3);
  });
});
