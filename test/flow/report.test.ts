import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandFromSource, plainEnvironment, runCommand } from "./command.ts";
import { startReceiving } from "./receiving.ts";

/** A name that would be markup wherever it is not escaped. */
const evil = "<script>alert('x')</script> | `b` @octocat [a](https://a.example) **c**\n# d";
const since = "2026-11-20T06:00:00Z";
const until = "2026-11-20T12:00:00Z";

let folder: string;
let receiver: ChildProcess | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-report-"));
  const receiving = await startReceiving(join(folder, "week.duckdb"));
  const sent = await receiving.post(JSON.stringify(week()), { "Content-Type": "application/json" });
  expect(sent.status).toBe(200);
  await receiving.stop();
}, 60_000);

afterAll(() => {
  receiver?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

function report(...args: readonly string[]) {
  return runCommand(folder, ["report", ...args, "--db", "week.duckdb"]);
}

/**
 * Eight days of two features. In the last six hours the one with the evil name sends prompts eight times as long, in a
 * release of the same name that half of its requests go to.
 */
function week() {
  const spans: { readonly release: string; readonly span: object }[] = [];
  const end = Date.parse(until);
  for (let hour = 8 * 24; hour > 0; hour -= 1) {
    for (let nth = 0; nth < 12; nth += 1) {
      const at = end - hour * 3_600_000 + nth * 290_000;
      const isNew = hour <= 6 && nth % 2 === 0;
      spans.push(
        callAt(at, "search", "1", 900 + ((nth * 37) % 90)),
        callAt(
          at + 1000,
          evil,
          isNew ? `2 ${evil}` : "1",
          (800 + ((nth * 53) % 90)) * (isNew ? 8 : 1),
        ),
      );
    }
  }
  return {
    resourceSpans: [...new Set(spans.map(({ release }) => release))].map((release) => ({
      resource: {
        attributes: [
          textAttribute("service.name", "api"),
          textAttribute("service.version", release),
        ],
      },
      scopeSpans: [
        {
          scope: { name: "test" },
          spans: spans.filter((one) => one.release === release).map(({ span }) => span),
        },
      ],
    })),
  };
}

function callAt(at: number, feature: string, release: string, inputTokens: number) {
  const id = (at % 2 ** 44).toString(16).padStart(16, feature === evil ? "e" : "a");
  const number = (key: string, intValue: number) => ({ key, value: { intValue } });
  return {
    release,
    span: {
      traceId: id + id,
      spanId: id,
      name: "chat gpt-5-mini",
      kind: 3,
      startTimeUnixNano: `${at}000000`,
      endTimeUnixNano: `${at + 900}000000`,
      attributes: [
        textAttribute("gen_ai.operation.name", "chat"),
        textAttribute("gen_ai.provider.name", "openai"),
        textAttribute("gen_ai.request.model", "gpt-5-mini"),
        textAttribute("gen_ai.input.messages", "the secret prompt"),
        textAttribute("app.feature", feature),
        textAttribute("user.id", `user-${at % 17}`),
        number("gen_ai.usage.input_tokens", inputTokens * 100),
        number("gen_ai.usage.output_tokens", 200),
      ],
    },
  };
}

function textAttribute(key: string, stringValue: string) {
  return { key, value: { stringValue } };
}

describe("spancost report", () => {
  test("finds the spike by itself, and says so in Markdown on stdout", async () => {
    const { code, stdout } = await report();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Cost spike: .*alert/);
    expect(stdout).toContain("20 Nov 2026, 06:00 to ");
    for (const title of [
      "Summary",
      "Impact",
      "When",
      "Why: from the usual cost to this one",
      "Where",
      "Was it a release?",
      "Agent loops",
      "Retries and other waste",
      "Requests to look at",
      "How far to believe it",
      "What this does not prove",
      "Detection",
      "Root cause, resolution, actions",
      "Method, and how to make this again",
    ]) {
      expect(stdout).toContain(`\n## ${title}\n`);
    }
    expect(stdout).toContain("Spike found: 2026-11-20 06:00 to ");
    expect(stdout).toMatch(/_To be filled in: actions, each with an owner and a date\._/);
  });

  test("no name from traffic is markup in Markdown", async () => {
    const { stdout } = await report();
    // Outside of code, in which nothing is markup.
    const text = stdout.replace(/(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)/g, "");
    expect(text).toContain("octocat");
    expect(text).not.toMatch(/<script|@octocat|https:\/\/|(?<!\\)\[a\]|(?<!\\)\*\*c/);
    expect(stdout.split("\n").filter((line) => /^# /.test(line))).toHaveLength(1);
    const rows = stdout.split("\n").filter((line) => line.startsWith("|"));
    expect(rows.every((row) => row.endsWith("|"))).toBe(true);
  });

  test("writes all of it into a folder, the same bytes each time", async () => {
    const window = ["--since", since, "--until", until];
    // Of an earlier report, on other calls, in the same place.
    mkdirSync(join(folder, "one"));
    writeFileSync(join(folder, "one/loops.svg"), "<svg/>");
    const first = await report(...window, "-o", "one");
    const second = await report(...window, "-o", "two");
    expect([first.code, second.code]).toEqual([0, 0]);
    const files = readdirSync(join(folder, "one")).sort();
    expect(files).toEqual([
      "bridge.svg",
      "evidence.parquet",
      "report.html",
      "report.json",
      "report.md",
      "timeline.svg",
    ]);
    for (const file of files) {
      const [a, b] = ["one", "two"].map((name) => readFileSync(join(folder, name, file)));
      expect([file, a?.equals(b ?? Buffer.alloc(0))]).toEqual([file, true]);
    }
    expect(first.stderr).toContain("one/report.html\n");
    expect(readFileSync(join(folder, "one/report.md"), "utf8")).toContain("](timeline.svg)");
  });

  test("does not write over what people have filled in", async () => {
    const window = ["--since", since, "--until", until, "-o", "incident.md"];
    const quiet = ["--since", "2026-11-18", "--until", "2026-11-19", "-o", "incident.md"];
    for (const asked of [quiet, window, window]) expect((await report(...asked)).code).toBe(0);
    const file = join(folder, "incident.md");
    const blank = /^_To be filled in: the root cause.*_$/m;
    const filledIn = readFileSync(file, "utf8").replace(blank, "A retry without a limit.");
    writeFileSync(file, filledIn);
    const { code, stderr } = await report(...window);
    expect([code, readFileSync(file, "utf8")]).toEqual([1, filledIn]);
    expect(stderr).toContain("incident.md is there, and no report with its blanks still empty");
  });

  test.each([
    ["incident.html", "<!doctype html><title>Mine</title>"],
    ["incident.json", '{"mine": true}'],
    ["incident.md", "# Mine"],
  ])("replaces a report at %s, and nothing else", async (name, mine) => {
    const file = join(folder, name);
    rmSync(file, { force: true });
    const asked = ["--since", since, "--until", until, "-o", name];
    for (const time of ["first", "again"])
      expect([time, (await report(...asked)).code]).toEqual([time, 0]);
    writeFileSync(file, mine);
    const { code, stderr } = await report(...asked);
    expect([code, readFileSync(file, "utf8")]).toEqual([1, mine]);
    expect(stderr).toContain(`${name} is there, and no report`);
  });

  test("the JSON adds up to the last digit, and judges the release", async () => {
    const { stdout } = await report("--since", since, "--until", until, "--json");
    const answer = JSON.parse(stdout);
    expect(answer.schema).toBe("spancost/report@1");
    expect(answer.window).toEqual({ since, until });
    const exact = JSON.parse(stdout, digits as never);
    expect(sum(exact.bridge)).toBe(picos(exact.delta_usd));
    for (const finding of exact.findings)
      expect(sum(finding.factors)).toBe(picos(finding.delta_usd));
    for (const { cost_usd, delta_usd } of exact.counterfactuals) {
      expect(picos(cost_usd) - picos(delta_usd)).toBe(picos(exact.cost_usd));
    }
    expect(answer.releases).toMatchObject([
      { verdict: "explains", control: "same_hours", requests: 36, control_requests: 36 },
    ]);
    const input = answer.counterfactuals.find(
      ({ factor }: { factor: string }) => factor === "input",
    );
    expect(Math.abs(input.cost_usd - answer.baseline_cost_usd)).toBeLessThan(
      0.02 * answer.cost_usd,
    );
    expect(answer.detection).toBeNull();
    expect(answer.reproduce.command).toBe(
      `spancost report --since ${since} --until ${until} -o incident`,
    );
  });

  test("a release that came before the window is told with its own first call, not with its first one here", async () => {
    const later = new Date(Date.parse(since) + 7_200_000).toISOString().replace(".000Z", "Z");
    const before = `${new Date(Date.parse(since) - 2 * 86_400_000).toISOString()}..${since}`;
    const { stdout } = await report(
      "--since",
      later,
      "--until",
      until,
      "--baseline",
      before,
      "--json",
    );
    const [{ first_seen: first }] = JSON.parse(stdout).releases;
    expect(Date.parse(first)).toBeLessThan(Date.parse(later));
    expect(Date.parse(first)).toBeGreaterThanOrEqual(Date.parse(since));
  });

  test("the page holds no script, no markup from names, and nothing to load", async () => {
    expect((await report("--since", since, "--until", until, "-o", "a.html")).code).toBe(0);
    const page = readFileSync(join(folder, "a.html"), "utf8");
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<img|<link|<[^>]*\s(src|href)=|url\(/);
    expect(page).toContain("&lt;script>alert('x')&lt;/script>");
  });

  test("the evidence holds the records of the findings, and no prompt", async () => {
    await report("--since", since, "--until", until, "-o", "three");
    const file = join(folder, "three/evidence.parquet");
    expect(readFileSync(file).includes("secret")).toBe(false);
    const connection = await (await DuckDBInstance.create(":memory:")).connect();
    const reader = await connection.runAndReadAll(
      `select
          count(*)::integer as records,
          count(distinct feature)::integer as features,
          sum(cost_usd) filter (started_at >= timestamp '${since.slice(0, -1)}')::varchar as cost_usd,
          any_value(typeof(cost_usd)) as type
      from '${file}'`,
    );
    const [row] = reader.getRowObjects();
    const { findings } = JSON.parse(
      readFileSync(join(folder, "three/report.json"), "utf8"),
      digits as never,
    );
    expect(row).toMatchObject({ features: 1, type: "DECIMAL(18,12)" });
    expect(picos(String(row?.["cost_usd"]))).toBe(picos(findings[0].cost_usd));
  });
});

test("explain alone answers what happened today, and what a release had to do with it", async () => {
  const asked = ["explain", "--db", "week.duckdb", "--json"];
  const { detection, window, releases } = JSON.parse((await runCommand(folder, asked)).stdout);
  expect(detection).toMatchObject({ found: true, since, ongoing: true, feature: evil });
  expect(window).toEqual({ since, until: detection.until });
  expect(releases).toMatchObject([{ verdict: "explains" }]);
  const other = await runCommand(folder, [...asked, "--where", "feature=search"]);
  expect(JSON.parse(other.stdout).detection).toMatchObject({ found: false });
});

/** A file of a report, whose commands leave out which database or receiver they ask. */
function withoutSource(file: string): string {
  return readFileSync(file, "latin1").replaceAll(/ --(?:db|url) [^ ]+/g, "");
}

describe("a receiver that has the file", () => {
  let url = "";
  beforeAll(async () => {
    const ports = ["http", "grpc", "web"].flatMap((each) => [`--${each}-port`, "0"]);
    const child = spawn(
      process.execPath,
      [...commandFromSource, "serve", "--db", "week.duckdb", ...ports],
      { cwd: folder, env: plainEnvironment as NodeJS.ProcessEnv },
    );
    receiver = child;
    url = await new Promise<string>((settle, reject) => {
      let stderr = "";
      child.once("exit", (code) => reject(new Error(`serve ended with ${code}: ${stderr}`)));
      child.stderr?.on("data", (part: Buffer) => {
        stderr += part.toString();
        const found = /Page and API: (\S+)/.exec(stderr)?.[1];
        if (found !== undefined) settle(found);
      });
    });
  }, 30_000);

  test("gives the same report to the command, byte by byte, but for where its commands ask", async () => {
    const window = ["--since", since, "--until", until];
    const asked = await runCommand(folder, ["report", ...window, "-o", "remote", "--url", url]);
    expect([asked.code, asked.stderr.includes("remote/evidence.parquet")]).toEqual([0, true]);
    for (const file of readdirSync(join(folder, "remote"))) {
      const [a, b] = ["one", "remote"].map((name) => withoutSource(join(folder, name, file)));
      expect([file, a === b]).toEqual([file, true]);
    }
  });

  test("gives the page over HTTP, with a policy of its own", async () => {
    const answer = await fetch(
      new URL(`api/report?since=${since}&until=${until}&format=html`, url),
    );
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'unsafe-inline';/,
    );
    expect(Buffer.from(await answer.arrayBuffer()).toString("latin1")).toBe(
      withoutSource(join(folder, "a.html")),
    );
    const json = await fetch(new URL(`api/report?since=${since}&until=${until}`, url));
    expect(await json.text()).toBe(readFileSync(join(folder, "one/report.json"), "utf8"));
  });
});

describe("where there is nothing to report", () => {
  test("an empty window ends with 3 and writes nothing", async () => {
    const window = ["--since", "2026-01-01", "--until", "2026-01-02"];
    const { code, stdout, stderr } = await report(...window, "-o", "nothing");
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain("No model call from 2026-01-01 00:00");
    expect(readdirSync(folder)).not.toContain("nothing");
  });

  test("calls without any price are a report, and the name of their model obeys nothing in a terminal", async () => {
    const { span, release } = callAt(Date.parse(until), "search", "1", 10);
    const attributes = [
      ...span.attributes.filter(({ key }) => key !== "gen_ai.request.model"),
      textAttribute("gen_ai.request.model", "\u001b[31mno such model"),
    ];
    const spans = [{ ...span, attributes }];
    const resource = { attributes: [textAttribute("service.version", release)] };
    const input = Buffer.from(
      JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] }),
    );
    const db = ["--db", "unpriced.duckdb"];
    expect((await runCommand(folder, ["ingest", "-", ...db], { input })).code).toBe(0);
    const written = await runCommand(folder, ["report", ...db, "-o", "unpriced"]);
    expect([written.code, readdirSync(join(folder, "unpriced"))]).toEqual([
      0,
      expect.arrayContaining(["evidence.parquet", "report.md"]),
    ]);
    const markdown = readFileSync(join(folder, "unpriced", "report.md"), "utf8");
    expect(markdown).toContain("| Cost | unknown |");
    expect(markdown).not.toContain("$0");
    const { stderr } = await runCommand(folder, ["top", ...db]);
    expect(stderr).toContain("1 call of \ufffd[31mno such model (unknown_model)");
    expect(stderr).not.toContain("\u001b");
  });

  test("a quiet day is a report that says so", async () => {
    const { code, stdout } = await report("--since", "2026-11-18", "--until", "2026-11-19");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# Cost report: no segment stands out\n/);
  });

  test.each([
    ["report.pdf", "--out takes a folder, or a file that ends in .md, .html or .json, not"],
    ["", "--out takes a folder"],
  ])("--out %j is refused", async (path, message) => {
    const { code, stderr } = await report("-o", path);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  test("a place that cannot be written is said", async () => {
    writeFileSync(join(folder, "file"), "");
    const { code, stderr } = await report("--since", since, "--until", until, "-o", "file/x.html");
    expect(code).toBe(1);
    expect(stderr).toMatch(/file cannot be written \(E\w+\)/);
  });
});

/** Money as the digits that were printed. */
function digits(key: string, value: unknown, context: { source?: string }): unknown {
  return key.endsWith("_usd") && typeof value === "number" ? context.source : value;
}

function sum(steps: readonly { readonly delta_usd: string }[]): bigint {
  return steps.reduce((all, { delta_usd }) => all + picos(delta_usd), 0n);
}

function picos(text: string): bigint {
  const [whole = "0", fraction = ""] = text.replace("-", "").split(".");
  const size = BigInt(whole + fraction.padEnd(12, "0"));
  return text.startsWith("-") ? -size : size;
}
