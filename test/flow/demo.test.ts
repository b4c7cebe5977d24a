import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const source = ["--conditions=spancost-source", resolve("packages/cli/src/main.ts")];
const until = "2026-11-20T12:00:00Z";
const incident = { since: "2026-11-20T03:00:00Z", until };

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let folder: string;
let demo: Ended;

/** Runs `spancost` in the test's folder. What the environment says to OpenTelemetry's exporters must not matter. */
function spancost(...args: readonly string[]): Promise<Ended> {
  const env = {
    PATH: process.env["PATH"],
    OTEL_TRACES_SAMPLER: "always_off",
    OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "3",
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9",
    OTEL_EXPORTER_OTLP_COMPRESSION: "gzip",
  };
  return new Promise((settle) => {
    execFile(
      process.execPath,
      [...source, ...args],
      { cwd: folder, env, maxBuffer: 64e6 },
      (error, stdout, stderr) =>
        settle({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-demo-"));
  demo = await spancost("demo", "--until", until, "--json");
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a week is sent, stored and explained", () => {
  expect(demo.code).toBe(0);
  expect(demo.stderr).toMatch(
    /^[\d,]+ spans of [\d,]+ requests, sent over OTLP\/HTTP and stored in spancost-demo\.duckdb: every one arrived\. \(\d+ s\)$/m,
  );
});

describe("the explanation", () => {
  test("names the agent and the release that stops late", () => {
    const { window, findings, cost_usd, baseline_cost_usd, quiet } = JSON.parse(demo.stdout);
    expect([window, quiet]).toEqual([incident, false]);
    expect(cost_usd / baseline_cost_usd).toBeGreaterThan(2);
    const [first] = findings;
    expect({ ...first.new_versions, ...first.segment }).toMatchObject({
      feature: "support-agent",
      release: "2026.11.20-3",
    });
    expect(first.mechanism).toBe("loops");
    expect(first.share).toBeGreaterThan(0.7);
    expect(first.examples[0].trace_id).toMatch(/^[0-9a-f]{32}$/);
  });

  test("adds up to the last digit, as a whole and in each finding", () => {
    const answer = JSON.parse(demo.stdout, exactly as never);
    const total = (steps: { delta_usd: string }[]) =>
      steps.reduce((sum, step) => sum + picos(step.delta_usd), 0n);
    expect(total(answer.bridge)).toBe(picos(answer.delta_usd));
    expect(picos(answer.cost_usd) - picos(answer.baseline_cost_usd)).toBe(picos(answer.delta_usd));
    for (const { factors, delta_usd } of answer.findings) {
      expect(total(factors)).toBe(picos(delta_usd));
    }
  });

  test("says of a finding how sure it is, and what its calls would have cost without their loops", () => {
    const [{ confidence, counterfactual, ...finding }] = JSON.parse(demo.stdout).findings;
    expect(confidence.level).toBe("high");
    expect(confidence.low_usd).toBeGreaterThan(0);
    expect(confidence.low_usd).toBeLessThan(finding.delta_usd);
    expect(confidence.high_usd).toBeGreaterThan(finding.delta_usd);
    expect(counterfactual.factor).toBe("loops");
    expect(counterfactual.cost_usd - counterfactual.delta_usd).toBeCloseTo(finding.cost_usd);
    expect(counterfactual.cost_usd).toBeLessThan(2 * finding.baseline_cost_usd);
  });

  test("says how far it can be trusted", () => {
    const { trust, warnings } = JSON.parse(demo.stdout);
    expect(trust.priced_share).toBeGreaterThan(0.95);
    expect(trust.priced_share).toBeLessThan(1);
    expect(trust.attributed_share).toBeLessThan(1);
    expect(trust.deduplicated).toBeGreaterThan(0);
    expect(warnings.join()).toContain("have no price");
  });
});

/** Money as the digits that were printed. */
function exactly(key: string, value: unknown, context: { source?: string }): unknown {
  return key.endsWith("_usd") && typeof value === "number" ? context.source : value;
}

function picos(digits: string): bigint {
  const [whole = "0", fraction = ""] = digits.replace("-", "").split(".");
  const size = BigInt(whole + fraction.padEnd(12, "0"));
  return digits.startsWith("-") ? -size : size;
}

test("what it says to try next works as it is printed", async () => {
  const [, next = ""] = demo.stderr.split("Try next:\n");
  const commands = next
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("spancost ") && !line.includes(" serve "));
  expect(commands).toHaveLength(5);
  for (const command of commands) {
    const { code, stdout } = await spancost(...command.split(" ").slice(1));
    expect([command, code, stdout.length > 100]).toEqual([command, 0, true]);
  }
});

test("the dearest trace is a runaway loop, step by step", async () => {
  const { trace_id: id } = JSON.parse(demo.stdout).findings[0].examples[0];
  const { stdout } = await spancost("trace", id, "--db", "spancost-demo.duckdb", "--json");
  const { rows, total } = JSON.parse(stdout);
  const steps = rows
    .filter(({ role }: { role: string }) => role === "billable")
    .map((row: { loop_iteration: number }) => row.loop_iteration);
  expect(total.max_loop_iteration).toBeGreaterThan(20);
  expect(steps).toEqual(Array.from({ length: total.calls }, (_, index) => index + 1));
  expect(rows.find(({ role }: { role: string }) => role === "rollup").cost_usd).toBeNull();
});

test("a day before the incident is called quiet, and its bridge adds up all the same", async () => {
  const day = ["--since", "2026-11-18T12:00Z", "--until", "2026-11-19T12:00Z"];
  const { code, stdout } = await spancost(
    "explain",
    ...day,
    "--db",
    "spancost-demo.duckdb",
    "--json",
  );
  const { quiet, findings, bridge, delta_usd } = JSON.parse(stdout, exactly as never);
  expect([code, quiet, findings]).toEqual([0, true, []]);
  const steps = bridge.map((step: { delta_usd: string }) => picos(step.delta_usd));
  expect(steps.reduce((sum: bigint, step: bigint) => sum + step, 0n)).toBe(picos(delta_usd));
});

test("it replaces its own file, and no other", async () => {
  writeFileSync(join(folder, "mine.duckdb"), "mine");
  expect(await spancost("demo", "--db", "mine.duckdb")).toEqual({
    code: 1,
    stdout: "",
    stderr: "spancost: mine.duckdb exists. Name a new file, or replace it with --force.\n",
  });
  const again = await spancost("demo", "--until", until, "--json");
  expect([again.code, again.stdout]).toEqual([0, demo.stdout]);
  expect(existsSync(join(folder, "spancost-demo.duckdb"))).toBe(true);
});

test("a demo that is stopped leaves nothing behind, and the next one can be made", async () => {
  const child = spawn(process.execPath, [...source, "demo", "--db", "stopped.duckdb"], {
    cwd: folder,
    env: { PATH: process.env["PATH"] } as NodeJS.ProcessEnv,
  });
  let said = "";
  child.stderr.on("data", (part: Buffer) => {
    if (said === "") child.kill("SIGINT");
    said += part.toString();
  });
  const [code] = await once(child, "exit");
  expect(code).toBe(130);
  expect(said).toContain("the demo was stopped. stopped.duckdb is removed");
  expect(readdirSync(folder).filter((name) => name.startsWith("stopped"))).toEqual([]);
});
