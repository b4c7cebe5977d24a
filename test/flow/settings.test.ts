import { execFileSync } from "node:child_process";
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commandFromSource, runCommand } from "./command.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-settings-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function settings(text: string): void {
  writeFileSync(join(folder, "spancost.config.json"), text);
}

async function shown(env: Record<string, string> = {}) {
  const { stdout } = await runCommand(folder, ["config", "--json"], { env });
  const rows: { setting: string; value: string | null; from: string | null }[] =
    JSON.parse(stdout).rows;
  return (name: string) => {
    const row = rows.find(({ setting }) => setting === name);
    return [row?.value, row?.from];
  };
}

describe("spancost config", () => {
  test("says of each setting where it comes from: variable, file, or default", async () => {
    settings('{"db": "costs.duckdb", "http-port": 4400, "keep": "90d"}');
    const of = await shown({ SPANCOST_DB: "other.duckdb" });
    expect(of("db")).toEqual(["other.duckdb", "SPANCOST_DB"]);
    expect(of("http-port")).toEqual(["4400", "spancost.config.json"]);
    expect(of("keep")).toEqual(["90d", "spancost.config.json"]);
    expect(of("grpc-port")).toEqual(["4317", "default"]);
    expect(of("tokens")).toEqual([null, null]);
  });

  test("shows no secret", async () => {
    const of = await shown({
      SPANCOST_NOTIFY: "https://hooks.example/secret",
      SPANCOST_URL: "http://me:secret@costs.example:4319/",
    });
    expect(of("notify")).toEqual(["(set)", "SPANCOST_NOTIFY"]);
    expect(of("url")).toEqual(["http://me:***@costs.example:4319/", "SPANCOST_URL"]);
  });
});

test("a flag goes before a variable, that before the file", async () => {
  settings('{"db": "file.duckdb"}');
  const top = async (args: string[], env: Record<string, string> = {}) =>
    (await runCommand(folder, ["top", ...args], { env })).stderr;
  expect(await top([])).toContain("no database file.duckdb");
  expect(await top([], { SPANCOST_DB: "variable.duckdb" })).toContain(
    "no database variable.duckdb",
  );
  const both = await top(["--db", "flag.duckdb"], { SPANCOST_DB: "variable.duckdb" });
  expect(both).toContain("no database flag.duckdb");
});

test("a variable for the file goes before an address in the file", async () => {
  settings('{"url": "http://localhost:1"}');
  const { stderr } = await runCommand(folder, ["top"], { env: { SPANCOST_DB: "x.duckdb" } });
  expect(stderr).toContain("no database x.duckdb");
});

test.each([
  ['{"htp-port": 1}', 'there is no setting "htp-port". Did you mean http-port?'],
  ['{"format": "xml"}', 'format is one of table, json, jsonl, csv, markdown, not "xml"'],
  ['{"db": null}', "db must be a text or a number"],
  ["[]", "must be an object"],
  ["{", "is no JSON"],
])("%s is refused", async (text, message) => {
  settings(text);
  const { stderr, code } = await runCommand(folder, ["top"]);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});

test("an empty variable is none", async () => {
  const { code, stderr } = await runCommand(folder, ["top"], {
    env: { SPANCOST_DB: "", SPANCOST_URL: "", SPANCOST_FORMAT: "", SPANCOST_TIMEZONE: "" },
  });
  expect([code, stderr]).toEqual([1, expect.stringContaining("no database spancost.duckdb")]);
});

describe("a variable that nothing reads", () => {
  const told = async (env: Record<string, string>, args = ["top", "--json"]) =>
    runCommand(folder, args, { env });

  test("is told of, with what was meant, and not on stdout", async () => {
    const { stdout, stderr } = await told({ SPANCOST_TIMEZNE: "x", SPANCOST_HATSTAND: "y" }, [
      "config",
      "--json",
      "--quiet",
    ]);
    expect(JSON.parse(stdout).warnings).toEqual([]);
    expect(stderr).toBe(
      "! SPANCOST_TIMEZNE is set, and nothing reads it. Did you mean SPANCOST_TIMEZONE?\n" +
        "! SPANCOST_HATSTAND is set, and nothing reads it.\n",
    );
  });

  test("is told of where a receiver starts, as JSON where its log is", async () => {
    const args = ["serve", "--log-format", "json", "--http-port", "none"];
    const { stderr } = await told({ SPANCOST_KEP: "90d" }, args);
    const [line = ""] = stderr.split("\n");
    expect(JSON.parse(line)).toMatchObject({
      level: "warn",
      event: "settings.notice",
      message: "SPANCOST_KEP is set, and nothing reads it. Did you mean SPANCOST_KEEP?",
    });
  });

  test("is none of those that sources and configurations name, nor of Kubernetes'", async () => {
    const named = globSync(["packages/*/src/**/*.ts", "collector-config/**/*.{yaml,service}"])
      .filter((file) => !file.endsWith(".test.ts"))
      .flatMap((file) => readFileSync(file, "utf8").match(/\bSPANCOST_[A-Z][A-Z_]*[A-Z]\b/g) ?? []);
    expect(new Set(named).size).toBeGreaterThan(25);
    const ofKubernetes = ["SERVICE_HOST", "SERVICE_PORT_OTLP", "PORT", "PORT_4318_TCP_ADDR"];
    const names = [...named, ...ofKubernetes.map((name) => `SPANCOST_${name}`)];
    const env = Object.fromEntries(names.map((name) => [name, "table"]));
    const { stderr } = await told({ ...env, SPANCOST_TIMEZONE: "UTC", SPANCOST_EMPTY: "" });
    expect(stderr).not.toContain("nothing reads it");
  });
});

describe("completion", () => {
  const bash = (line: string, words: readonly string[]) => {
    const command = join(folder, "spancost");
    const call = [process.execPath, ...commandFromSource].map((word) => `'${word}'`).join(" ");
    writeFileSync(command, `#!/bin/sh\nexec ${call} "$@"\n`);
    chmodSync(command, 0o755);
    const script = `
      eval "$(spancost completion bash)"
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; COMP_LINE='${line}'
      compopt() { echo "option $*"; }
      _spancost; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { PATH: `${folder}:${process.env["PATH"]}`, HOME: folder };
    return execFileSync("bash", ["-c", script], { env, cwd: folder, encoding: "utf8" })
      .trim()
      .split("\n");
  };

  test("bash completes commands, queries, values and files", () => {
    expect(bash("spancost exp", ["spancost", "exp"])).toEqual(["explain"]);
    expect(bash("spancost query showb", ["spancost", "query", "showb"])).toEqual(["showback"]);
    expect(bash("", ["spancost", "top", "--format", "cs"])).toEqual(["csv"]);
    expect(bash("", ["spancost", "ingest", ""])).toEqual(["option -o default"]);
    expect(bash("", ["spancost", "top", "--where", "feat"])).toEqual([
      "option -o nospace",
      "feature=",
    ]);
  });

  test.each(["zsh", "fish"])("the script for %s is what that shell reads", async (shell) => {
    const { stdout, code } = await runCommand(folder, ["completion", shell]);
    expect(code).toBe(0);
    expect(stdout).toContain("complete -- ".trim());
    writeFileSync(join(folder, "script"), stdout);
    try {
      execFileSync(shell, ["-n", join(folder, "script")]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
      console.log(`there is no ${shell} here: its completion script was not read by it`);
    }
  });
});
