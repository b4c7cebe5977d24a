import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { serve } from "../browser/served.ts";
import { runCommand } from "./command.ts";

let folder: string;
let db: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-damaged-"));
  db = join(folder, "costs.duckdb");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A receiver that took the spans of a trace, and was stopped. */
async function served(): Promise<void> {
  const receiver = await serve(folder, "costs.duckdb");
  const answer = await fetch(`${receiver.otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "Content-Type": "application/x-protobuf" },
    body: readFileSync(resolve("test/captures/otel-openai/chat.traces.otlp.pb")),
  });
  expect(answer.status).toBe(200);
  await receiver.stop();
}

/** A database of another program's. */
async function makeForeign(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run("create table customers as select 1 as id");
  connection.closeSync();
  instance.closeSync();
}

test("a start says of a damaged database where it is now, and what it is made anew from", async () => {
  await served();
  writeFileSync(db, "this was a database");
  const receiver = await serve(folder, "costs.duckdb");
  const { stdout } = await runCommand(folder, ["top", "--json"], {
    env: { SPANCOST_URL: receiver.url },
  });
  expect(JSON.parse(stdout).total.calls).toBe(1);
  await receiver.stop();
  const greeting = receiver.told().replace(/^.*Page and API/s, "");
  expect(greeting).toMatch(
    /^Look at the database:\n! costs\.duckdb cannot be used \(.*\); what is left of it is kept as costs\.duckdb\.damaged-.*: it is made anew from the journal, which goes back to the first span\.\n\n/m,
  );
  const aside = readdirSync(folder).find((name) => /damaged-[^.]*$/.test(name)) ?? "";
  expect(readFileSync(join(folder, aside), "utf8")).toBe("this was a database");
  const again = await serve(folder, "costs.duckdb");
  await again.stop();
  expect(again.told()).not.toContain("Look at the database");
}, 30_000);

test("one with nothing beside it is told of, by whoever meets it", async () => {
  const demo = await runCommand(folder, ["demo", "--db", "costs.duckdb", "--quiet"]);
  expect(demo.code).toBe(0);
  const bytes = readFileSync(db);
  for (let at = 300_000; at < bytes.byteLength; at += 4096) bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(db, bytes);
  const told = /^spancost: costs\.duckdb is damaged, and has no journal and no snapshot .*Corrupt/;
  for (const args of [["top"], ["serve"]]) {
    const ended = await runCommand(folder, [...args, "--db", "costs.duckdb"]);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringMatching(told)]);
  }
  expect(readdirSync(folder)).toEqual(["costs.duckdb"]);
}, 60_000);

test("a copy that is damaged where a start reads it first stays where it is", async () => {
  await served();
  await runCommand(folder, ["snapshot", "copy.duckdb", "--db", "costs.duckdb"]);
  const copy = join(folder, "copy.duckdb");
  const bytes = readFileSync(copy);
  for (let at = 20_480; at < 220_000; at += 8) bytes[at] = (bytes[at] as number) ^ 1;
  writeFileSync(copy, bytes);
  await expect(serve(folder, "copy.duckdb")).rejects.toThrow(
    /^serve ended with 1: .*spancost: copy\.duckdb is damaged, and has no journal and no snapshot .*Corrupt/s,
  );
  expect(readFileSync(copy).equals(bytes)).toBe(true);
}, 30_000);

test("a start ends where a database that never can be opened took the place of another", async () => {
  await served();
  for (const name of ["costs.duckdb", "costs.duckdb.wal"]) {
    rmSync(join(folder, name), { force: true });
  }
  await makeForeign(db);
  await expect(serve(folder, "costs.duckdb")).rejects.toThrow(
    /^serve ended with 1: .*spancost: costs\.duckdb is no database of spancost's/s,
  );
}, 30_000);
