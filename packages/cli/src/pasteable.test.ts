import { describe, expect, test } from "vitest";
import { pasteableFor } from "./pasteable.ts";
import { shellWord } from "./shell-word.ts";
import type { SourceFlags } from "./sources/open-source.ts";

const nothingTyped: SourceFlags = {
  db: "spancost.duckdb",
  url: undefined,
  typed: [],
  inEnvironment: [],
};
const withFile = (db: string): SourceFlags => ({ ...nothingTyped, db, typed: ["db"] });
const withUrl: SourceFlags = { ...nothingTyped, url: "http://costs:4319", typed: ["url"] };
const npx = { npm_command: "exec", npm_lifecycle_event: "npx" };

describe("a hint", () => {
  test.each([
    [
      "asks the file that was asked",
      {},
      withFile("my costs.duckdb"),
      "spancost trace --db 'my costs.duckdb' 4bf92f35",
    ],
    [
      "asks the receiver that was asked",
      {},
      withUrl,
      "spancost trace --url http://costs:4319 4bf92f35",
    ],
    [
      "leaves out the file that is asked anyway",
      {},
      withFile("spancost.duckdb"),
      "spancost trace 4bf92f35",
    ],
    [
      "leaves out what the environment says",
      {},
      { ...nothingTyped, db: "e.duckdb", inEnvironment: ["db"] },
      "spancost trace 4bf92f35",
    ],
    [
      "names the usual file where the environment has another",
      {},
      { ...withFile("spancost.duckdb"), inEnvironment: ["db"] },
      "spancost trace --db spancost.duckdb 4bf92f35",
    ],
    [
      "leaves out a database that is gone by then",
      {},
      withFile(":memory:"),
      "spancost trace 4bf92f35",
    ],
    [
      "goes through npx where this command did",
      npx,
      withFile("a.duckdb"),
      "npx spancost trace --db a.duckdb 4bf92f35",
    ],
    [
      "goes through npx where a script of npm ran it",
      { npm_lifecycle_event: "start" },
      nothingTyped,
      "npx spancost trace 4bf92f35",
    ],
  ] as const)("%s", (_, env, flags, line) => {
    expect(pasteableFor(env, flags)("spancost trace 4bf92f35")).toBe(line);
  });

  test.each([
    [
      "Loaded. Back: spancost prices use booked",
      "Loaded. Back: spancost prices use --db a.duckdb booked",
    ],
    [
      "(spancost serve), (spancost ingest FILE), (spancost demo)",
      "(spancost serve --db a.duckdb), (spancost ingest --db a.duckdb FILE), (spancost demo)",
    ],
    ["spancost ingest --db b.duckdb FILE", "spancost ingest --db b.duckdb FILE"],
    ["a fault of spancost; spancost keeps none", "a fault of spancost; spancost keeps none"],
    [
      "packages of @spancost/query and spancost.duckdb",
      "packages of @spancost/query and spancost.duckdb",
    ],
  ])("in %j changes commands only", (words, changed) => {
    expect(pasteableFor({}, withFile("a.duckdb"))(words)).toBe(changed);
  });

  test("about a receiver leaves the commands alone that take a file only", () => {
    expect(pasteableFor(npx, withUrl)("spancost serve, spancost top")).toBe(
      "npx spancost serve, npx spancost top --url http://costs:4319",
    );
  });

  test("that says npx already says it once", () => {
    expect(pasteableFor(npx)("npx spancost serve")).toBe("npx spancost serve");
  });
});

test.each([
  ["feature=search", "feature=search"],
  ["2026-11-19T14:10:00Z", "2026-11-19T14:10:00Z"],
  ["feature=a b", "'feature=a b'"],
  ["feature=$(rm -rf)", "'feature=$(rm -rf)'"],
  ["it's", "'it'\\''s'"],
  ["", "''"],
])("%j is the word %s of a shell", (text, word) => {
  expect(shellWord(text)).toBe(word);
});
