import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { commandFromSource, plainEnvironment, runCommand } from "./command.ts";

const chat = resolve("test/captures/otel-openai/chat.traces.otlp.pb");

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-interrupted-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("an ingest that is interrupted says what is stored, and what was not read", async () => {
  const child = spawn(process.execPath, [...commandFromSource, "ingest", chat, "-", chat], {
    cwd: folder,
    env: plainEnvironment as NodeJS.ProcessEnv,
    stdio: ["pipe", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const ended = new Promise((settle) => child.once("exit", settle));
  // More than a pipe holds: what comes before standard input has been read once it is taken.
  const lines = '{"resourceSpans":[]}\n'.repeat(20_000);
  await new Promise((settle) => child.stdin.write(lines, settle));
  child.kill("SIGINT");
  expect([await ended, stderr]).toEqual([
    130,
    "spancost: interrupted. Stored: 1 file with 2 spans. Not read: standard input and 1 file after it. " +
      "Run the same command again for the rest: what is stored already counts once.\n",
  ]);
  child.stdin.destroy();
  const { stdout } = await runCommand(folder, ["top", "--json"]);
  expect(JSON.parse(stdout).total.calls).toBe(1);
}, 30_000);
