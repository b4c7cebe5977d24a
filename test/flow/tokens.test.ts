import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Served, serve } from "../browser/served.ts";
import { Endpoint } from "../forwarding/fake-endpoint.ts";
import { valuesOf } from "../forwarding/otlp.ts";
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

test("the team of a token is on the spans that go on", async () => {
  const endpoint = await Endpoint.start();
  const given = await runCommand(folder, ["token", "support-api", "--team", "support"]);
  writeFileSync(join(folder, "teams.txt"), given.stdout);
  const flags = ["--tokens", "teams.txt", "--forward", endpoint.address];
  const receiver = await serve(folder, "forwarding.duckdb", flags);
  try {
    const answer = await fetch(`${receiver.otlpUrl}/v1/traces`, {
      method: "POST",
      headers: {
        "Content-Type": "application/x-protobuf",
        Authorization: `Bearer ${given.stderr.trim().split(" ").at(-1)}`,
      },
      body: readFileSync(resolve("test/captures/otel-openai/chat.traces.otlp.pb")),
    });
    expect(answer.status).toBe(200);
    await vi.waitFor(() => expect(endpoint.received).toHaveLength(1), 10_000);
  } finally {
    await receiver.stop();
    await endpoint.stop();
  }
  const calls = endpoint.received
    .flatMap(({ spans }) => spans)
    .filter((span) => valuesOf(span, "spancost.cost.usd").length > 0);
  expect(calls.map((span) => valuesOf(span, "spancost.team"))).toEqual([["support"]]);
}, 30_000);

test("a sender without a token is told of in the log, once", async () => {
  const headers = { "Content-Type": "application/json" };
  const send = () => fetch(`${served.otlpUrl}/v1/traces`, { method: "POST", headers, body: "{}" });
  expect([(await send()).status, (await send()).status]).toEqual([401, 401]);
  const told = served.told().match(/warn +sender\.refused .*/g);
  expect(told).toEqual([
    expect.stringMatching(/ a sender brought no token, or none that holds here {2}.*status=401$/),
  ]);
});
