import { type ChildProcess, execFile, spawn } from "node:child_process";
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const pages = globSync(["*.md", "docs/*.md", "queries/*.md", "collector-config/*.md"]);
const readme = readFileSync("README.md", "utf8");
const cli = ["--conditions=spancost-source", "packages/cli/src/main.ts"];

let folder = "";
let serve: ChildProcess | undefined;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-docs-"));
});
afterAll(() => {
  serve?.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [...args], {
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  return stdout;
}

describe.each(pages)("%s", (page) => {
  const text = readFileSync(page, "utf8");

  test("links to files that exist", () => {
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map((match) => match[1] ?? "");
    expect(links.filter((link) => !existsSync(join(dirname(page), link)))).toEqual([]);
  });

  test("names npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const named = [...text.matchAll(/npm run ([a-z:]+)/g)].map((match) => match[1] ?? "");
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test("the README names every command, and no other", async () => {
  const help = await run([...cli, "--help"]);
  const commands = [...help.matchAll(/^ {2}([a-z][a-z-]*) .*$/gm)].map((match) => match[1] ?? "");
  const named = [...readme.matchAll(/`?(?:npx )?spancost ([a-z]+(?:-[a-z]+)*)/g)].map(
    (match) => match[1] ?? "",
  );
  const inText = new Set(["demo", "serve", "help", "receives", "is", "keeps"]);
  expect(commands.length).toBeGreaterThan(8);
  expect(commands.filter((name) => !named.includes(name) && !inText.has(name))).toEqual([]);
  expect(named.filter((name) => !commands.includes(name) && !inText.has(name))).toEqual([]);
});

test("the README's first trace arrives, and the line that it prints says what it cost", async () => {
  const db = join(folder, "first.duckdb");
  const ports = ["--http-port", "0", "--grpc-port", "0", "--web-port", "0"];
  const child = spawn(process.execPath, [...cli, "serve", "--db", db, ...ports]);
  serve = child;
  const endpoint = await new Promise<string>((resolve, reject) => {
    let out = "";
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}`)));
    child.stdout?.on("data", (part: Buffer) => {
      out += part.toString();
      const url = /OTEL_EXPORTER_OTLP_ENDPOINT=(\S+)/.exec(out)?.[1];
      if (url !== undefined) resolve(url);
    });
  });

  const snippet = /```js\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  const printed = await run(["--input-type=module", "-e", snippet], env);
  const [, line = ""] = /^npx spancost (trace [0-9a-f]{32})\n$/.exec(printed) ?? [];
  expect(line).not.toBe("");

  const answer = JSON.parse(await run([...cli, ...line.split(" "), "--db", db, "--json"]));
  expect(answer.rows.find((row: { role: string }) => row.role === "billable")).toMatchObject({
    // 499 uncached × $0.25 + 1,024 cached × $0.025 + 311 out × $2.00, per million
    cost_usd: 0.00077235,
  });

  const exited = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  expect(await exited).toBe(0);
});
