import { mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { notePath, removeNote, runningReceiver, writeNote } from "./receiver-note.ts";

let folder: string;
let db: string;
let server: Server;
let url: string;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-note-"));
  db = join(folder, "spans.duckdb");
  writeFileSync(db, "");
  server = createServer((_, response) => response.end('{"status":"ok","pid":812}'));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

function note(pid: number, at = url) {
  return { pid, url: at, otlp_url: "http://127.0.0.1:4318", started_at: "2026-11-19T14:10:00Z" };
}

test("a receiver that lives is found by its note, also through a link to the file", async () => {
  writeNote(db, note(812));
  expect((await runningReceiver(db))?.url).toBe(url);
  symlinkSync(db, join(folder, "link.duckdb"));
  expect((await runningReceiver(join(folder, "link.duckdb")))?.pid).toBe(812);
});

test("a note whose receiver is gone, or is another one now, is stale", async () => {
  writeNote(db, note(813));
  expect(await runningReceiver(db)).toBeUndefined();
  writeNote(db, note(812, "http://127.0.0.1:9"));
  expect(await runningReceiver(db)).toBeUndefined();
});

test("a file that is no note finds nothing", async () => {
  expect(await runningReceiver(db)).toBeUndefined();
  writeFileSync(notePath(db), "{");
  expect(await runningReceiver(db)).toBeUndefined();
});

test("a receiver removes its own note and leaves nothing else behind", () => {
  writeNote(db, note(812));
  removeNote(db, 1);
  expect(readdirSync(folder).sort()).toEqual(["spans.duckdb", "spans.duckdb.receiver.json"]);
  removeNote(db, 812);
  expect(readdirSync(folder)).toEqual(["spans.duckdb"]);
});
