import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Served, serve } from "../browser/served.ts";
import { runCommand } from "./command.ts";

let folder: string;
let served: Served;
const tokens = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-tokens-"));
  let lines = "";
  for (const scope of ["write", "read"]) {
    const { stdout, stderr } = await runCommand(folder, [
      "token",
      `who-${scope}s`,
      "--scope",
      scope,
    ]);
    lines += stdout;
    tokens.set(scope, stderr.trim().split(" ").at(-1) ?? "");
  }
  writeFileSync(join(folder, "tokens.txt"), lines);
  served = await serve(folder, "costs.duckdb", ["--tokens", "tokens.txt"]);
});
afterAll(async () => {
  await served?.stop();
  rmSync(folder, { recursive: true });
});

async function said(command: readonly string[], token?: string): Promise<string> {
  const env = token === undefined ? {} : { SPANCOST_TOKEN: token };
  const args = [...command, "--url", served.url];
  return (await runCommand(tmpdir(), args, { env })).stderr.trim();
}

test("who asks without a token is told that one is needed", async () => {
  expect(await said(["top"])).toBe(
    `spancost: the receiver at ${served.url} is read with a token: set SPANCOST_TOKEN to it.`,
  );
});

test.each([
  ["reads with one for sending", ["top"], "write", "--scope read,"],
  ["reads with one that nobody knows", ["top"], "unknown", "--scope read,"],
  ["changes something with one for reading", ["prices", "reprice"], "read", "--scope read,write,"],
])("who %s is told what it takes", async (_, command, which, scope) => {
  const text = await said(command, tokens.get(which) ?? which);
  expect(text).toContain("does not take the token that it was given");
  expect(text).toContain(`spancost token NAME ${scope}`);
});

test("a sender without a token is told of in the log, once", async () => {
  const headers = { "Content-Type": "application/json" };
  const send = () => fetch(`${served.otlpUrl}/v1/traces`, { method: "POST", headers, body: "{}" });
  expect([(await send()).status, (await send()).status]).toEqual([401, 401]);
  const told = served.told().match(/warn +sender\.refused .*/g);
  expect(told).toEqual([
    expect.stringMatching(/ a sender brought no token, or none that holds here {2}.*status=401$/),
  ]);
});
