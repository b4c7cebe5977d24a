import { Readable } from "node:stream";
import { expect, test } from "vitest";
import type { Out } from "../ports.ts";
import { createProgram } from "../program.ts";
import { candidatesFor } from "./candidates.ts";

const out: Out = { isTTY: false, columns: undefined, write() {}, style: (_, text) => text };
const { command: program } = createProgram({
  stdin: Readable.from([]),
  stdout: out,
  stderr: out,
  notes: out,
  env: {},
  pasteable: (words: string) => words,
  now: Date.now,
});

function words(...line: readonly string[]): string[] {
  return candidatesFor(program, line).words.map(({ word }) => word);
}

test("commands, with what they do", () => {
  expect(words("tr")).toEqual(["trace"]);
  expect(candidatesFor(program, ["sna"]).words[0]?.about).toContain("copy");
  expect(words("complete")).toEqual([]);
  expect(words("prices", "re")).toEqual(["reprice"]);
});

test("flags of the command, and their choices", () => {
  expect(words("top", "--s")).toEqual(["--since"]);
  expect(words("top", "--format", "js")).toEqual(["json", "jsonl"]);
  expect(words("prices", "reprice", "--con")).toEqual(["--contract"]);
});

test("the word behind a flag that takes one is no argument", () => {
  expect(words("query", "spike-by-feature", "spike-by-fe")).toEqual([]);
  expect(words("query", "--param", "x=1", "spike-by-fe")).toEqual(["spike-by-feature"]);
  expect(words("query", "--param=x=1", "spike-by-fe")).toEqual(["spike-by-feature"]);
});

test("names of queries and dimensions", () => {
  expect(words("query", "hourly-spend-")).toEqual(["hourly-spend-by"]);
  expect(words("top", "--by", "fea")).toEqual(["feature"]);
  expect(words("top", "--where", "fea")).toEqual(["feature="]);
});

test("files where files are taken, and nowhere else", () => {
  expect(candidatesFor(program, ["ingest", ""])).toEqual({ words: [], files: true });
  expect(candidatesFor(program, ["ingest", "a.pb", ""])).toEqual({ words: [], files: true });
  expect(candidatesFor(program, ["top", "--db", ""])).toEqual({ words: [], files: true });
  expect(candidatesFor(program, ["top", "--since", ""])).toEqual({ words: [], files: false });
  expect(candidatesFor(program, ["trace", "", ""])).toEqual({ words: [], files: false });
});
