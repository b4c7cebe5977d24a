import { execFileSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { describe, expect, test } from "vitest";
import { queryFolder, queryNames, readQueryFile } from "../packages/store/src/query-files.ts";
import { ask, emptyDatabase, insert } from "./queries/database.ts";
import { queriesReadme } from "./queries/readme.ts";
import { type Answer, parseScript, type Step } from "./queries/script.ts";

const files = queryNames().map(readQueryFile);
const scripts = globSync("test/queries/*.test").sort();

describe.each(scripts)("%s", (path) => {
  const tests = parseScript(readFileSync(path, "utf8"));
  test.each(tests)("$title", async ({ steps }) => {
    const connection = await emptyDatabase();
    for (const step of steps) await take(connection, step);
  });
});

async function take(connection: DuckDBConnection, step: Step): Promise<void> {
  if (step.kind === "insert") return insert(connection, step.view, step.table);
  expect(await answerTo(connection, step)).toEqual(step.answer);
}

async function answerTo(
  connection: DuckDBConnection,
  { name, variables, answer }: Extract<Step, { kind: "query" }>,
): Promise<Answer> {
  try {
    const rows = await ask(connection, readQueryFile(name).sql, variables);
    const columns = answer.kind === "rows" ? answer.table.columns : [];
    const cells = rows.map((row) => columns.map((column) => String(row[column] ?? "NULL")));
    return { kind: "rows", table: { columns, rows: cells } };
  } catch (error) {
    return { kind: "error", message: String(error instanceof Error ? error.message : error) };
  }
}

test.each(queryNames())("%s has a script", (name) => {
  expect(scripts.map((path) => basename(path, ".test"))).toContain(name);
});

test.each(files)("$name returns the columns that its header names", async (file) => {
  const connection = await emptyDatabase();
  const statement = await connection.prepare(file.sql);
  const columns = Array.from({ length: statement.columnCount }, (_, index) => ({
    name: statement.columnName(index),
    type: String(statement.columnType(index)).toLowerCase(),
  }));
  expect(file.columns.map(({ name, type }) => ({ name, type }))).toEqual(columns);
});

const shared = await sharedSql();

test.each(files)("$name reads the variables that its header names", (file) => {
  const read = [...variablesOf(file.sql, shared)].filter(
    // It looks at the window alone: where `asked_records` reaches beyond that changes nothing.
    (name) => file.name !== "explain-dimensions" || !name.startsWith("baseline_"),
  );
  expect(read.sort()).toEqual(file.params.map((param) => param.name).sort());
});

/** By name the SQL of the views and macros that stand in the database for questions that compare. */
async function sharedSql(): Promise<ReadonlyMap<string, string>> {
  const connection = await emptyDatabase();
  const made = await connection.runAndReadAll(`
    select view_name, sql from duckdb_views()
    where not internal and view_name not in ('cost_records', 'labelled_records', 'repriced_records', 'spans')
    union all
    select function_name, macro_definition from duckdb_functions() where not internal`);
  return new Map(made.getRows().map(([name, sql]) => [String(name), String(sql)]));
}

/** The variables that SQL reads, also by the views and macros that it names. */
function variablesOf(sql: string, made: ReadonlyMap<string, string>): Set<string> {
  const own = [...sql.matchAll(/\b(?:getvariable|is_asked)\('(\w+)'/g)].map(
    ([, name = ""]) => name,
  );
  const named = [...made].filter(([name]) => new RegExp(`\\b${name}\\b`).test(sql));
  const theirs = named.flatMap(([name, madeOf]) => {
    const rest = new Map([...made].filter(([other]) => other !== name));
    return [...variablesOf(madeOf, rest)];
  });
  return new Set([...own, ...theirs]);
}

test.each(files)("$name holds money as exact decimals, means apart", (file) => {
  const money = file.columns.filter((column) => column.name.endsWith("_usd"));
  const inexact = money.filter((column) => !/^decimal\(\d+,12\)$/.test(column.type));
  expect(inexact.every((column) => column.name.startsWith("mean_"))).toBe(true);
});

test.each(files)(
  "$name says beside a sum how much is unpriced, and of what no tokens are known",
  (file) => {
    const names = file.columns.map((column) => column.name);
    const sums = names.filter(
      (name) => /(^|_)cost_usd$/.test(name) && name !== "reported_cost_usd",
    );
    const beside = ["unpriced", "unknown_usage"].filter((word) =>
      names.some((name) => name.includes(word)),
    );
    expect(sums.length === 0 || beside.length === 2).toBe(true);
  },
);

test("there are sums to look beside", () => {
  const names = files.flatMap((file) => file.columns.map((column) => column.name));
  expect(names.filter((name) => name === "cost_usd").length).toBeGreaterThan(15);
});

const instants = {
  since: "2026-11-10 00:00:00",
  until: "2026-11-11 00:00:00",
  baseline_since: "2026-11-01 00:00:00",
  baseline_until: "2026-11-02 00:00:00",
};

test.each(files.filter((file) => file.params.some(({ name }) => name === "since")))(
  "$name scans only what lies within constant variables",
  async (file) => {
    const connection = await emptyDatabase();
    // Rows beyond both ends: a bound that all rows keep is optimized away.
    const columns = ["trace_id", "started_at", "counted_as", "usage_issue", "cost_usd"];
    const ends = {
      columns,
      rows: [
        ["a", "2026-01-01", "b", "x", "NULL"],
        ["b", "2027-01-01", "b", "x", "1"],
      ],
    };
    await insert(connection, "calls", ends);
    await insert(connection, "spans", ends);
    const plan = await ask(connection, `explain (format json) ${file.sql}`, instants);
    const scans = scansOf(JSON.parse(String(plan[0]?.["explain_value"])));
    expect(scans.length).toBeGreaterThan(0);
    for (const scan of scans) {
      // The first and last record are looked up in all of them.
      if (scan.columns.split(",").sort().join() === "cost_usd,record_kind,started_at") continue;
      expect(scan.filters).toMatch(/started_at>='2026-11-\d\d 00:00:00'/);
      expect(scan.filters).toMatch(/started_at<'2026-11-1[12] 00:00:00'/);
    }
  },
);

interface PlanNode {
  readonly name: string;
  readonly extra_info: Readonly<Record<string, string | readonly string[]>>;
  readonly children: readonly PlanNode[];
}

function scansOf(nodes: readonly PlanNode[]): { columns: string; filters: string }[] {
  return nodes.flatMap((node) => {
    const { Table, Projections = "", Filters = "" } = node.extra_info;
    const isScan = /calls|span_facts/.test(String(Table ?? ""));
    const scan = { columns: [Projections].flat().join(), filters: [Filters].flat().join(" ") };
    return [...(isScan ? [scan] : []), ...scansOf(node.children)];
  });
}

test("the spike queries differ only in their dimension", () => {
  const statements = files
    .filter((file) => file.name.startsWith("spike-by-"))
    .map((file) => {
      const dimension = file.name.slice("spike-by-".length).replaceAll("-", "_");
      return file.sql
        .replace(`value as ${dimension},`, "value as …,")
        .replace(`spike_by(${dimension})`, "spike_by(…)");
    });
  expect(statements.length).toBeGreaterThan(5);
  expect(new Set(statements).size).toBe(1);
});

test("which records are compared is said in one place", () => {
  const comparing = files.filter((file) =>
    file.params.some(({ name }) => name === "baseline_since"),
  );
  expect(comparing.length).toBeGreaterThan(12);
  const byThemselves = comparing.filter(({ sql }) => /baseline_(until|days)/.test(sql));
  // Which reads what is compared before anybody knows when that was.
  expect(byThemselves.map(({ name }) => name)).toEqual(["explain-windows"]);
});

test("queries/README.md is made from the headers", async () => {
  await expect(queriesReadme(files)).toMatchFileSnapshot(join(queryFolder, "README.md"));
});

const duckdb = commandLine();

test.skipIf(duckdb === undefined)("every file runs in the duckdb command line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "spancost-queries-"));
  try {
    const file = join(folder, "snapshot.duckdb");
    const connection = await emptyDatabase();
    await insert(connection, "calls", { columns: ["trace_id"], rows: [["a"], ["b"]] });
    await connection.run(`attach '${file}' as snapshot`);
    await connection.run("copy from database memory to snapshot; detach snapshot");
    for (const name of queryNames()) {
      const path = resolve(queryFolder, `${name}.sql`);
      const set = "set variable trace_id = 'a'";
      const answer = execFileSync("duckdb", [file, "-bail", "-csv", "-cmd", set, "-f", path], {
        encoding: "utf8",
      });
      const { columns } = readQueryFile(name);
      // Without rows it prints no header either.
      if (answer !== "") {
        expect(answer.split("\n")[0]).toBe(columns.map((column) => column.name).join(","));
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** The version of the `duckdb` command, where there is one. */
function commandLine(): string | undefined {
  try {
    return execFileSync("duckdb", ["--version"], { encoding: "utf8", stdio: "pipe" });
  } catch {
    console.info("The files are not tried in the duckdb command line: it is not on PATH.");
    return undefined;
  }
}
