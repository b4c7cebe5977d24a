import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCommand } from "./command.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-doctor-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function findings(...args: readonly string[]) {
  const { code, stdout } = await runCommand(folder, ["doctor", ...args, "--json"]);
  const { schema, rows } = JSON.parse(stdout);
  expect(schema).toBe("spancost/doctor@1");
  return { code, codes: rows.map((row: { code: string }) => row.code), rows };
}

test("where nothing is, it says how to begin", async () => {
  const { code, rows } = await findings();
  expect(code).toBe(0);
  expect(rows).toMatchObject([{ code: "nothing_received", fix: "spancost serve" }]);
});

test("a service without instrumentation is an error, with the line to type", async () => {
  mkdirSync(join(folder, "app"));
  writeFileSync(
    join(folder, "app/package.json"),
    '{"name": "app", "dependencies": {"openai": "6"}}',
  );
  const { code, rows } = await findings("app");
  expect(code).toBe(1);
  expect(rows).toContainEqual(
    expect.objectContaining({
      code: "instrumentation_missing",
      fix: "npm install @spancost/instrumentation",
    }),
  );
});

test("received calls are told with what they lack", async () => {
  const capture = resolve("test/captures/otel-openai/chat.traces.otlp.pb");
  await runCommand(folder, ["ingest", capture]);
  const { code, codes } = await findings();
  expect(code).toBe(0);
  expect(codes).toContain("received");
});

test("a folder that is not there is named", async () => {
  const { code, stderr } = await runCommand(folder, ["doctor", "nowhere"]);
  expect([code, stderr]).toEqual([
    2,
    "spancost: there is no folder nowhere. Name the one of your service's package.json.\n",
  ]);
});
