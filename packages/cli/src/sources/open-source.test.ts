import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { decodeRequest, JsonDecoder } from "@spancost/receiver";
import { keepAttribute } from "@spancost/semconv";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Pipeline } from "../wiring.ts";

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-source-"));
  file = join(folder, "shared", "spans.duckdb");
  mkdirSync(join(folder, "shared"));
  mkdirSync(join(folder, "tmp"));
  for (const each of [folder, join(folder, "tmp")]) chmodSync(each, 0o777);
});
afterEach(() => {
  chmodSync(join(folder, "shared"), 0o755);
  rmSync(folder, { recursive: true, force: true });
});

/** Nobody in particular: root may write every file, whatever its mode. */
const asNobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Runs the command as somebody who is not root. */
function ask(...args: readonly string[]) {
  const main = resolve("packages/cli/src/main.ts");
  return spawnSync(process.execPath, ["--conditions=spancost-source", main, ...args], {
    ...asNobody,
    cwd: folder,
    encoding: "utf8",
    env: { TMPDIR: join(folder, "tmp") },
  });
}

const [first = "", second = ""] = globSync("test/captures/otel-openai/*.traces.otlp.json").sort();

/** Stores the spans of a recorded trace, in a database with a journal. */
async function store(capture: string): Promise<void> {
  const { read, store } = await Pipeline.open(file, { journal: true });
  const { spans } = decodeRequest(new JsonDecoder({ keepAttribute }), readFileSync(capture));
  await store.append(spans.map(read));
  await store.close();
}

const counting = "select count(*)::integer as spans from spans";
const count = ["query", "--sql", counting, "--json"];

/** How many spans a database has, for somebody who may write to it. */
async function spansIn(database: string): Promise<unknown> {
  const { store } = await Pipeline.open(database);
  const { rows } = await store.readRows(counting);
  await store.close();
  return rows;
}

/** Takes the right to write from everybody, for the folder and all in it. */
function close(): void {
  for (const name of readdirSync(join(folder, "shared"), { recursive: true, encoding: "utf8" })) {
    const path = join(folder, "shared", name);
    chmodSync(path, statSync(path).isDirectory() ? 0o555 : 0o444);
  }
  chmodSync(join(folder, "shared"), 0o555);
}

describe("a database that this user may only read", () => {
  test("is asked in a copy that has what waits in its journal too, and is left as it is", async () => {
    await store(first);
    copyFileSync(file, join(folder, "earlier"));
    const { length: before } = readdirSync(`${file}.journal`);
    await store(second);
    expect(readdirSync(`${file}.journal`).length).toBe(before + 1);
    const all = await spansIn(file);
    copyFileSync(join(folder, "earlier"), file);
    close();
    const stood = readFileSync(file);
    const { status, stdout, stderr } = ask(...count, "--db", file);
    expect([status, JSON.parse(stdout).rows]).toEqual([0, all]);
    expect(stderr).toMatch(
      /^\S+spans\.duckdb may only be read here: asking a copy of it \([\d.]+ MB\) that is brought up to date\.\n$/,
    );
    expect(readFileSync(file).equals(stood)).toBe(true);
    expect(readdirSync(join(folder, "tmp"))).toEqual([]);
  });

  test("is made into one of their own by a snapshot", async () => {
    await store(first);
    const all = await spansIn(file);
    close();
    const own = join(folder, "own.duckdb");
    expect(ask("snapshot", own, "--db", file).status).toBe(0);
    expect(await spansIn(own)).toEqual(all);
  });

  test("is not answered for without its journal, which this user may not read", async () => {
    await store(first);
    close();
    chmodSync(`${file}.journal`, 0o700);
    const { status, stderr } = ask(...count, "--db", file);
    expect([status, stderr]).toEqual([
      1,
      `spancost: ${file}.journal cannot be read by this user, and a part of the spans may stand only there. ` +
        "Have its owner let you read it, or ask its receiver with --url URL.\n",
    ]);
  });

  test.each([
    ["prices use", ["prices", "use", "0"]],
    ["ingest", ["ingest", resolve(first)]],
  ])("is not changed by %s, which says what to do instead", async (_, args) => {
    await store(first);
    close();
    const { status, stderr } = ask(...args, "--db", file);
    expect([status, stderr]).toEqual([
      1,
      `spancost: ${file} may only be read by this user, or in its folder nothing may be written. Work on a copy of ` +
        `your own (spancost snapshot copy.duckdb --db ${file}, then --db copy.duckdb), or have its receiver do it with --url URL.\n`,
    ]);
  });
});
