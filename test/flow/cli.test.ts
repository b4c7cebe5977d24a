import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandFromSource, type Ended, plainEnvironment, runCommand } from "./command.ts";

const captures = resolve("test/captures");
const capture = (name: string) => join(captures, `${name}.traces.otlp`);
const retried = `${capture("otel-openai/retry-429x2")}.pb`;
const chat = `${capture("otel-openai/chat")}.json`;

let folder: string;
const children = new Set<ChildProcess>();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-cli-"));
});

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  children.clear();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs `spancost` with these arguments in the test's folder. */
function spancost(args: readonly string[], options?: Parameters<typeof runCommand>[2]) {
  return runCommand(folder, args, options);
}

interface Serving {
  readonly child: ChildProcess;
  readonly otlpUrl: string;
  readonly url: string;
  readonly ended: Promise<number | null>;
  stderr(): string;
}

/** Starts `spancost serve` on free ports and waits until it has said where it is. */
async function serve(...args: readonly string[]): Promise<Serving> {
  const child = spawn(
    process.execPath,
    [
      ...commandFromSource,
      "serve",
      ...["http", "grpc", "web"].flatMap((each) => [`--${each}-port`, "0"]),
      ...args,
    ],
    { cwd: folder, env: plainEnvironment as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"] },
  );
  children.add(child);
  const ended = new Promise<number | null>((settle) => child.once("exit", settle));
  let stdout = "";
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  await new Promise<void>((settle, reject) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (stdout.includes("PROTOCOL")) settle();
    });
    ended.then((code) => reject(new Error(`serve ended with ${code}: ${stderr}`)));
  });
  const otlpUrl = /ENDPOINT=(\S+)/.exec(stdout)?.[1] ?? "";
  const url = /Page and API: (\S+)/.exec(stderr)?.[1] ?? "";
  return { child, otlpUrl, url, ended, stderr: () => stderr };
}

async function post(otlpUrl: string, file: string): Promise<number> {
  const response = await fetch(`${otlpUrl}/v1/traces`, {
    method: "POST",
    headers: { "Content-Type": "application/x-protobuf" },
    body: readFileSync(file),
  });
  return response.status;
}

/** stdout as JSON, after a look that the command did what it should. */
function json({ code, stdout, stderr }: Ended, expected = 0) {
  expect([code, stderr.includes("spancost:")]).toEqual([
    expected,
    expected === 1 || expected === 2,
  ]);
  return JSON.parse(stdout);
}

describe("files", () => {
  test("are read, priced and counted once, however often and in whatever form they come", async () => {
    writeFileSync(
      join(folder, "chat.jsonl.gz"),
      gzipSync(JSON.stringify(JSON.parse(readFileSync(chat, "utf8")))),
    );
    const first = json(await spancost(["ingest", retried, "chat.jsonl.gz", "--json"]));
    expect(
      first.rows.map(({ file, error }: { file: string; error: null }) => [file, error]),
    ).toEqual([
      [retried, null],
      ["chat.jsonl.gz", null],
    ]);
    expect(first.total).toEqual({
      spans: 7,
      new_spans: 7,
      duplicates: 0,
      calls: 2,
      unpriced_calls: 0,
    });
    const again = json(await spancost(["ingest", "-", "--json"], { input: readFileSync(chat) }));
    expect(again.total).toEqual({
      spans: 2,
      new_spans: 0,
      duplicates: 2,
      calls: 0,
      unpriced_calls: 0,
    });
  });

  test("that hold no span, such as other JSON, are read and said to hold none", async () => {
    writeFileSync(join(folder, "settings.json"), '{"hello":1}');
    writeFileSync(join(folder, "empty.pb"), "");
    const files = ["settings.json", "empty.pb"];
    const { code, stderr } = await spancost(["ingest", "--db", ":memory:", ...files]);
    expect(code).toBe(0);
    expect(stderr).toContain("settings.json: no span is in it: in JSON, traces stand under");
    expect(stderr).toContain("empty.pb: no span is in it.\n");
  });

  test("that cannot be read are named, and do not keep the others from being read", async () => {
    writeFileSync(join(folder, "bad.jsonl"), '{"resourceSpans":[]}\n{"resourceSpans":\n');
    const { code, stdout, stderr } = await spancost(["ingest", "missing.pb", "bad.jsonl", retried]);
    expect([code, stdout]).toEqual([
      1,
      "5 spans from 1 file read into spancost.duckdb (2 could not be read): 5 new, 0 duplicates\n" +
        "1 new call, 0 of them unpriced\n",
    ]);
    const [missing, bad] = stderr.split("\n");
    expect(missing).toBe("spancost: missing.pb: no such file or directory.");
    expect(bad).toMatch(/^spancost: bad\.jsonl, line 2: not valid JSON: .*\.$/);
  });

  test("may go nowhere but memory", async () => {
    const { total } = json(await spancost(["ingest", "--db", ":memory:", retried, "--json"]));
    expect([total.calls, existsSync(join(folder, ":memory:"))]).toEqual([1, false]);
  });
});

describe("a file that is asked", () => {
  beforeEach(async () => {
    expect((await spancost(["ingest", retried, chat])).code).toBe(0);
  });

  test("top: exact cost per group, its share, and the whole", async () => {
    const { schema, window, rows, total } = json(
      await spancost(["top", "--by", "model", "--json"]),
    );
    expect(schema).toBe("spancost/top@1");
    expect(Object.keys(window)).toEqual(["since", "until"]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ calls: 2, unpriced_calls: 0, share: 1 });
    expect(total.cost_usd).toBe(rows[0].cost_usd);
    expect(total.cost_usd).toBeGreaterThan(0);
  });

  test("trace: the tree with its retries, found by the first digits of its id", async () => {
    const sql = "select trace_id from cost_records where retry_count = 2";
    const { rows } = json(await spancost(["query", "--sql", sql, "--json"]));
    const id: string = rows[0].trace_id;
    const trace = json(await spancost(["trace", id.slice(0, 8).toUpperCase(), "--json"]));
    expect([trace.trace_id, trace.total.calls, trace.total.retries]).toEqual([id, 1, 2]);
    const { stdout, stderr } = await spancost(["trace", id]);
    expect(stdout.startsWith(`Trace ${id}   20`)).toBe(true);
    // It is in the first line already.
    expect(stderr).not.toContain("Window");
    expect(stdout).toMatch(/└─ chat gpt-5-mini +\$0\.\d+ +1 +2 /);
    expect(stdout.match(/POST/g)?.length).toBeGreaterThanOrEqual(3);
  });

  test("query: by name, with its parameters, as CSV", async () => {
    const { stdout, stderr } = await spancost([
      ...["query", "cost-per-trace", "--param", "max_rows=1", "--format", "csv"],
    ]);
    const [header, row, end] = stdout.split("\n");
    expect(header).toMatch(/^trace_id,started_at,duration_ms,entry_point,/);
    expect(row).toMatch(/^[0-9a-f]{32},/);
    expect(end).toBe("");
    expect(stderr).toMatch(/^Window: .* UTC\n$/);
  });

  test("explain: an envelope whose bridge sums to the change", async () => {
    const answer = json(await spancost(["explain", "--json"]));
    expect(answer.schema).toBe("spancost/explain@1");
    const picos = (usd: number) => BigInt(Math.round(usd * 1e12));
    const sum = answer.bridge.reduce(
      (whole: bigint, step: { delta_usd: number }) => whole + picos(step.delta_usd),
      0n,
    );
    expect(sum).toBe(picos(answer.delta_usd));
    expect(answer.trust).toMatchObject({ priced_share: 1, unpriced_calls: 0 });
  });

  test("snapshot: a copy that answers the same, and replaces nothing unasked", async () => {
    expect((await spancost(["snapshot", "copy.duckdb"])).code).toBe(0);
    const copied = json(await spancost(["top", "--db", "copy.duckdb", "--json"]));
    expect(copied).toEqual(json(await spancost(["top", "--json"])));
    expect(await spancost(["snapshot", "copy.duckdb"])).toEqual({
      code: 1,
      stdout: "",
      stderr: "spancost: copy.duckdb exists. Name another file, or replace it with --force.\n",
    });
    expect((await spancost(["snapshot", "copy.duckdb", "--force"])).code).toBe(0);
  });

  test.each([
    [
      "spancost.duckdb",
      "spancost: spancost.duckdb is the database itself. Name another file for the copy.\n",
    ],
    ["./", "spancost: ./ is a folder. Name a file in it, such as spans.duckdb.\n"],
    [
      "nowhere/copy.duckdb",
      "spancost: there is no folder nowhere. Make it, or name a file in another one.\n",
    ],
  ])("snapshot: %s is no place for a copy, even by force", async (out, stderr) => {
    const ended = await spancost(["snapshot", out, "--force"]);
    expect(ended).toEqual({ code: 1, stdout: "", stderr });
  });

  test("a value that looks like a time is a value", async () => {
    const where = ["--where", "user=2026-11-19T14:10:00Z"];
    expect(json(await spancost(["top", ...where, "--json"]), 3).rows).toEqual([]);
    expect(json(await spancost(["explain", ...where, "--json"]), 3).rows).toEqual([]);
  });

  test("a window without calls ends with 3 and says where there are some", async () => {
    const asked = ["top", "--since", "2020-01-01", "--until", "2020-01-02"];
    const { code, stdout, stderr } = await spancost(asked);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toMatch(
      /^Window: 2020-01-01 00:00 to 2020-01-02 00:00 UTC\n! No model call from .* The last one stored started .* UTC \(.*\): try --since \d{4}-\d\d-\d\d\.\n$/,
    );
    const envelope = json(await spancost([...asked, "--json"]), 3);
    expect([envelope.rows, envelope.no_data]).toEqual([[], true]);
  });

  test.each([
    [
      ["provider=opnai"],
      "provider=opnai. Did you mean openai? What there is: spancost top --by provider",
    ],
    [
      ["model=gpt-5", "feature!=search"],
      "model=gpt-5, feature!=search. Did you mean gpt-5-mini-2025-08-07? What there is: spancost top --by model,feature",
    ],
    [
      ["provider=openai,anthropic"],
      "provider=openai,anthropic. Several values take a --where each. What there is: spancost top --by provider",
    ],
  ])("%j, which no call meets, is told with what was meant", async (filters, said) => {
    const where = filters.flatMap((filter) => ["--where", filter]);
    const { code, stderr } = await spancost(["top", ...where]);
    expect([code, stderr.split("\n")[1]]).toEqual([
      3,
      `! No model call that is stored has ${said}`,
    ]);
  });

  test("a database without calls ends with 3, for a query as for other commands", async () => {
    expect((await spancost(["ingest", "--db", "empty.duckdb", "-"])).code).toBe(0);
    const asked = ["query", "cost-per-trace", "--db", "empty.duckdb"];
    expect(await spancost(asked)).toEqual({
      code: 3,
      stdout: "",
      stderr:
        "! No model call is stored yet. Send traces to a receiver (spancost serve --db empty.duckdb), read a file (spancost ingest --db empty.duckdb FILE), or look at an example (spancost demo).\n",
    });
  });

  test("only a SELECT is run", async () => {
    const { code, stderr } = await spancost(["query", "--sql", "delete from calls"]);
    expect([code, stderr]).toEqual([
      2,
      "spancost: only a single SELECT can be run here; for anything else use duckdb on a snapshot.\n",
    ]);
  });

  test("colours are for terminals, or for who asks for them", async () => {
    const startOfStyle = "\u001b[";
    expect((await spancost(["top"])).stdout).not.toContain(startOfStyle);
    const forced = await spancost(["top"], { env: { FORCE_COLOR: "1" } });
    expect(forced.stdout).toContain(startOfStyle);
  });
});

describe("what cannot be is said in a sentence, with an exit code", () => {
  test.each([
    [
      ["tpo"],
      2,
      "spancost: unknown command 'tpo'\n(Did you mean top?)\nRun with --help for what it takes.\n",
    ],
    [
      ["top", "--sinc", "2h"],
      2,
      "spancost: unknown option '--sinc'\n(Did you mean --since?)\nRun with --help for what it takes.\n",
    ],
    [
      ["top", "--since", "soon"],
      2,
      'spancost: --since takes a time such as 2h, 7d, 14:10, 2026-11-19 or 2026-11-19T14:10Z (UTC), not "soon".\n',
    ],
    [
      ["query", "cost-per-tarce"],
      2,
      'spancost: there is no query "cost-per-tarce"; did you mean cost-per-trace? "spancost query --list" shows all.\n',
    ],
    [
      ["top"],
      1,
      "spancost: there is no database spancost.duckdb. Start a receiver that makes one (spancost serve --db spancost.duckdb), read a file of traces into it (spancost ingest --db spancost.duckdb FILE), or name another one with --db.\n",
    ],
    [
      ["top", "--db", "a", "--url", "http://localhost:1"],
      2,
      "spancost: --db and --url exclude each other: a file is read, or a receiver is asked.\n",
    ],
    [
      ["top", "--url", "localhost"],
      2,
      'spancost: --url takes the address of a receiver\'s page, such as http://localhost:4319, not "localhost".\n',
    ],
    [
      ["trace", "12"],
      2,
      'spancost: TRACE_ID takes 8 to 32 hex digits, not "12". The dearest traces: spancost query cost-per-trace.\n',
    ],
    [
      ["help", "exit-cods"],
      2,
      /^spancost: there is no help on "exit-cods"\. Did you mean exit-codes\? /,
    ],
    [
      ["serve", "--http-port", "70000"],
      2,
      'spancost: --http-port takes a whole number from 0 to 65535, not "70000".\n',
    ],
    [
      ["prices", "show", "nobodys-model"],
      1,
      'spancost: there is no price for "nobodys-model" (unknown_model). Calls to it are stored without a cost.\n',
    ],
  ])("%j", async (args, code, message) => {
    const ended = await spancost(args);
    expect([ended.code, ended.stdout]).toEqual([code, ""]);
    if (typeof message === "string") expect(ended.stderr).toBe(message);
    else expect(ended.stderr).toMatch(message);
  });

  test("a stack is shown only under --debug", async () => {
    expect((await spancost(["top"])).stderr).not.toContain("    at ");
    expect((await spancost(["top", "--debug"])).stderr).toContain("    at ");
  });

  test("a file that is no database", async () => {
    writeFileSync(join(folder, "notes.duckdb"), "notes");
    const { code, stderr } = await spancost(["top", "--db", "notes.duckdb"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^spancost: notes\.duckdb cannot be opened\. .* Name another file with --db\.\n$/,
    );
    const ports = ["--http-port", "0", "--grpc-port", "0", "--web-port", "0"];
    const served = await spancost(["serve", "--db", "notes.duckdb", ...ports]);
    expect(served.code).toBe(1);
    expect(served.stderr).toMatch(/^spancost: notes\.duckdb cannot be opened\. .*\n$/);
  });
});

test.each([
  [["--version"], /^\d+\.\d+\.\d+\n$/],
  [[], /^Usage: spancost /],
  [["help"], /^Usage: spancost /],
  [["help", "top"], /^Usage: spancost top /],
  [["help", "exit-codes"], /^What spancost ends with\n/],
  [
    ["query", "--list"],
    /^cost-and-tokens-per-request-by-feature\n +what one request .+\n +since, until\n/,
  ],
])("%j prints to stdout and ends with 0", async (args, text) => {
  const { code, stdout, stderr } = await spancost(args);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(text);
});

test("prices show: each rate with its source, without any database", async () => {
  const answer = json(
    await spancost(["prices", "show", "gpt-5-mini", "--provider", "openai", "--json"]),
  );
  expect(answer.price_id).toBe("openai/gpt-5-mini");
  expect(answer.rows.map(({ cell }: { cell: string }) => cell)).toContain("cache_read");
  for (const { source: from } of answer.rows) expect(from).toMatch(/^genai-prices@/);
  expect(existsSync(join(folder, "spancost.duckdb"))).toBe(false);
});

describe("a receiver", () => {
  test("keeps what it is sent, and answers for the file that it has open", async () => {
    const { child, otlpUrl, url, ended } = await serve();
    expect(await post(otlpUrl, retried)).toBe(200);
    const asked = await spancost(["top", "--by", "feature,model", "--json"]);
    expect(asked.stderr).toBe(
      `spancost.duckdb is in use by the receiver (pid ${child.pid}): asking it at ${url}.\n`,
    );
    const answer = json(asked);
    expect(answer.total).toMatchObject({ calls: 1, unpriced_calls: 0 });
    expect(json(await spancost(["top", "--by", "feature,model", "--url", url, "--json"]))).toEqual(
      answer,
    );
    expect((await spancost(["query", "unpriced", "--url", url])).code).toBe(0);
    expect((await spancost(["trace", "ffffffff", "--url", url])).code).toBe(3);
    expect((await spancost(["snapshot", "live.duckdb"])).code).toBe(0);

    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(existsSync(join(folder, "spancost.duckdb.receiver.json"))).toBe(false);
    const local = json(await spancost(["top", "--by", "feature,model", "--json"]));
    expect(local).toEqual(answer);
    const copy = await spancost(["top", "--by", "feature,model", "--db", "live.duckdb", "--json"]);
    expect(json(copy)).toEqual(answer);
  });

  test("takes the files that are read into its database", async () => {
    const { otlpUrl } = await serve();
    const { code, stdout, stderr } = await spancost(["ingest", retried, chat]);
    expect([code, stdout]).toEqual([
      0,
      "7 spans from 2 files sent to the receiver of spancost.duckdb\n",
    ]);
    expect(stderr).toContain(`sending to it at ${otlpUrl}.`);
    expect(json(await spancost(["top", "--json"])).total.calls).toBe(2);
  });

  test("that is interrupted stores what it has and ends with 130", async () => {
    const { child, otlpUrl, ended } = await serve();
    expect(await post(otlpUrl, retried)).toBe(200);
    child.kill("SIGINT");
    expect(await ended).toBe(130);
    expect(json(await spancost(["top", "--json"])).total.calls).toBe(1);
  });

  test("that is killed loses nothing it said yes to, and its note fools nobody", async () => {
    const { child, otlpUrl, ended } = await serve();
    expect(await post(otlpUrl, retried)).toBe(200);
    child.kill("SIGKILL");
    await ended;
    expect(existsSync(join(folder, "spancost.duckdb.receiver.json"))).toBe(true);
    expect(json(await spancost(["top", "--json"])).total.calls).toBe(1);
    await serve();
    expect(json(await spancost(["top", "--json"])).total.calls).toBe(1);
  });

  test("does not start where a port is taken, or another one has the file", async () => {
    const taken = createServer();
    await new Promise<void>((settle) => taken.listen(0, "127.0.0.1", settle));
    const { port } = taken.address() as { port: number };
    const ports = (http: number, web: number) => [
      ...["--http-port", `${http}`, "--web-port", `${web}`, "--grpc-port", "0"],
    ];
    for (const [args, flag] of [
      [ports(port, 0), "http-port"],
      [ports(0, port), "web-port"],
    ] as const) {
      expect(await spancost(["serve", ...args])).toEqual({
        code: 1,
        stdout: "",
        stderr: `spancost: port ${port} of 127.0.0.1 is taken, perhaps by another receiver or a Collector. Choose another one with --${flag}, or have free ones: --http-port 0 --grpc-port 0 --web-port 0.\n`,
      });
    }
    taken.close();
    const { child, url } = await serve();
    const second = await spancost(["serve", ...ports(0, 0)]);
    expect([second.code, second.stderr]).toEqual([
      1,
      `spancost: a receiver (pid ${child.pid}) has spancost.duckdb open already, its page is ${url}. ` +
        "Stop that one, or take another file with --db FILE and other ports.\n",
    ]);
  });

  test("goes on when nobody reads what it prints any more", async () => {
    const { child, ended } = await serve();
    child.stdout?.destroy();
    child.stderr?.destroy();
    child.kill("SIGTERM");
    // It writes that it stops, into a closed pipe, and stops in order all the same.
    expect(await ended).toBe(0);
    expect(existsSync(join(folder, "spancost.duckdb.receiver.json"))).toBe(false);
  });

  test("shows a page and says that it is ready", async () => {
    const { otlpUrl, url } = await serve("--db", "other.duckdb");
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect(await (await fetch(url)).text()).toContain("<title>spancost</title>");
    const now = async () => (await fetch(`${url}/api/page/now`)).json();
    expect(await now()).toMatchObject({ last_call: null, no_data: true });
    await post(otlpUrl, retried);
    expect(await now()).toMatchObject({ last_call: expect.stringMatching(/^20/) });
  });
});

test("what is no receiver gives no snapshot, and the one that is there stays", async () => {
  const other = createHttpServer((_, response) => response.end("<html>"));
  await new Promise<void>((settle) => other.listen(0, "127.0.0.1", settle));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  writeFileSync(join(folder, "copy.duckdb"), "good");
  const ended = await spancost(["snapshot", "copy.duckdb", "--force", "--url", url]);
  other.close();
  expect(ended).toEqual({
    code: 1,
    stdout: "",
    stderr: `spancost: ${url} sends no snapshot: is this the page of a spancost receiver?\n`,
  });
  expect(readFileSync(join(folder, "copy.duckdb"), "utf8")).toBe("good");
});

test("a file that another program has open is waited for, then named", async () => {
  await spancost(["ingest", retried]);
  const holder = spawn(
    process.execPath,
    [
      "--input-type=module",
      "-e",
      'import { DuckDBInstance } from "@duckdb/node-api"; await DuckDBInstance.create(process.argv[1]); console.log("open"); setInterval(() => {}, 1000);',
      join(folder, "spancost.duckdb"),
    ],
    { cwd: resolve("packages/store"), stdio: ["ignore", "pipe", "inherit"] },
  );
  children.add(holder);
  await new Promise((settle) => holder.stdout.once("data", settle));
  const { code, stderr } = await spancost(["top"]);
  expect([code, stderr]).toEqual([
    1,
    "spancost: spancost.duckdb is in use by another program, and no receiver of spancost answers for it. " +
      "End that program (duckdb, or another spancost command), or ask a receiver with --url URL.\n",
  ]);
});
