import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Texts } from "../flags/texts.ts";
import type { Io, Out } from "../ports.ts";
import { pricesLoad } from "./prices-load.ts";
import { runWriting } from "./run-reading.ts";

let folder: string;
let written: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-run-"));
  written = "";
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const out: Out = {
  isTTY: false,
  columns: undefined,
  write: (text) => {
    written += text;
  },
  style: (_, text) => text,
};
const io: Io = {
  stdin: Readable.from([]),
  stdout: out,
  stderr: out,
  notes: out,
  env: {},
  pasteable: (words) => words,
  now: Date.now,
};

test("a contract that is only checked needs no database, and makes none", async () => {
  const contract = join(folder, "prices.yaml");
  writeFileSync(contract, "prices: []\n");
  const texts = new Texts([
    ["file", [contract]],
    ["check", ["true"]],
  ]);
  const flags = { db: join(folder, "x.duckdb"), url: undefined, typed: [], inEnvironment: [] };
  expect(await runWriting(pricesLoad, texts, flags, "json", io)).toBe(0);
  expect(JSON.parse(written)).toMatchObject({ check: true, loaded: false });
  expect(readdirSync(folder)).toEqual(["prices.yaml"]);
});
