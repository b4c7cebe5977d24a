import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { type Expectation, incident } from "./world.ts";

/** What people expect of answers: their forms, times, filters and numbers. */
export const answers: readonly Expectation[] = [
  {
    name: "one command to value",
    rule: "demo makes a week with a spike, prints the explanation and what to type next",
    reason:
      "spancost alone prints its help and starts nothing: what listens on ports is started by name (spancost serve, npm start)",
    async holds({ demo }) {
      expect(demo.stdout).toContain("feature=support-agent");
      expect(demo.stderr).toContain("spancost serve --db spancost-demo.duckdb");
      expect(demo.stdout).toMatch(/^together, exactly +\+\$\d+\.\d\d$/m);
    },
  },
  {
    name: "data on stdout, words on stderr",
    rule: "tables and JSON go to stdout; window, hints and warnings to stderr",
    async holds(world) {
      const { stdout, stderr } = await world.ask(["top", ...incident]);
      expect(stdout).toMatch(/^FEATURE .*\n(?:.+\n)+total /);
      expect(stdout).not.toContain("Window");
      expect(stderr).toMatch(/^Window: 2026-11-20 03:00 to 12:00 UTC\n! \d+ calls of /);
    },
  },
  {
    name: "one format switch",
    rule: "--format table|json|jsonl|csv|markdown; --json for short; -o FILE picks by its ending",
    async holds(world) {
      const text = async (...flags: string[]) =>
        (await world.ask(["top", ...incident, ...flags])).stdout;
      const json = await text("--json");
      expect(await text("--format", "json")).toBe(json);
      const { rows } = JSON.parse(json);
      const lines = (await text("--format", "jsonl")).trim().split("\n");
      expect(lines.map((line) => JSON.parse(line))).toEqual(rows);
      expect((await text("--format", "csv")).trim().split("\n")).toHaveLength(rows.length + 1);
      expect(await text("--format", "markdown")).toContain("| ---: |");
      for (const file of ["incident.md", "incident.html", "incident.json"]) {
        expect((await world.ask(["report", ...incident, "-o", file])).code).toBe(0);
        expect(existsSync(join(world.folder, file))).toBe(true);
      }
    },
  },
  {
    name: "stable JSON",
    rule: "schema, window, rows and warnings; an unknown cost is null and never 0",
    reason:
      "no JSON Schema is published: the members are named in docs, and the schema has a version",
    async holds(world) {
      const answer = await world.json(["top", "--by", "model", ...incident, "--limit", "0"]);
      expect(answer).toMatchObject({
        schema: "spancost/top@1",
        window: { since: "2026-11-20T03:00:00Z", until: "2026-11-20T12:00:00Z" },
        warnings: [expect.any(String)],
      });
      const unpriced = answer.rows.find(
        ({ model }: { model: string }) => model === "acme-intent-7b",
      );
      expect(unpriced).toMatchObject({ cost_usd: null, unpriced_calls: unpriced.calls });
    },
  },
  {
    name: "time flags",
    rule: "--since, --until and --baseline take 2h, dates and RFC 3339; UTC, or --timezone; the window that was meant is shown",
    async holds(world) {
      const window = async (...flags: string[]) => (await world.json(["top", ...flags])).window;
      expect(await window("--since", "2026-11-19", "--until", "2026-11-20T06:30+02:00")).toEqual({
        since: "2026-11-19T00:00:00Z",
        until: "2026-11-20T04:30:00Z",
      });
      const berlin = ["--timezone", "Europe/Berlin"];
      const times = ["--since", "2026-11-19", "--until", "2026-11-20 04:00"];
      const there = { since: "2026-11-18T23:00:00Z", until: "2026-11-20T03:00:00Z" };
      expect(await window(...times, ...berlin)).toEqual(there);
      const { stdout, stderr } = await world.ask(["top", "--by", "day", ...times, ...berlin]);
      expect(stderr).toMatch(/^Window: 2026-11-19 00:00 to 2026-11-20 04:00 Europe\/Berlin\n/);
      expect(stdout.match(/^2026-\d\d-\d\d/gm)?.toSorted()).toEqual(["2026-11-19", "2026-11-20"]);
      const day = ["--where", "day=2026-11-19", ...times, ...berlin];
      const ofDay = await world.json(["top", ...day]);
      const sameHours = ["--since", there.since, "--until", "2026-11-19T23:00Z"];
      expect(ofDay.total).toEqual((await world.json(["top", ...sameHours])).total);
      const baseline = ["--baseline", "2026-11-17..2026-11-18", ...berlin];
      expect((await world.json(["explain", ...incident, ...baseline])).baseline).toEqual({
        since: "2026-11-16T23:00:00Z",
        until: "2026-11-17T23:00:00Z",
      });
      const env = { SPANCOST_TIMEZONE: "Mars/Olympus" };
      const wrong = await world.ask(["top"], { env });
      expect([wrong.code, wrong.stderr]).toEqual([
        2,
        expect.stringContaining('not "Mars/Olympus"'),
      ]);
    },
  },
  {
    name: "filters",
    rule: "--where k=v, repeatable; --by with several dimensions",
    async holds(world) {
      const where = ["--where", "feature=support-agent", "--where", "release!=2026.11.20-3"];
      const { rows } = await world.json(["top", "--by", "feature,release", ...where, ...incident]);
      expect(rows.length).toBeGreaterThan(0);
      for (const { feature, release } of rows) {
        expect([feature, release]).not.toEqual(["support-agent", "2026.11.20-3"]);
        expect(feature).toBe("support-agent");
      }
    },
  },
  {
    name: "empty state",
    rule: "says that nothing is there, when the last call was, and what to type",
    async holds(world) {
      const times = ["--since", "2026-01-01", "--until", "2026-01-02"];
      for (const command of ["top", "explain", "report"]) {
        const { code, stdout, stderr } = await world.ask([command, ...times]);
        expect([command, code, stdout]).toEqual([command, 3, ""]);
        expect(stderr).toMatch(
          /No model call from .* The last one stored started .*: try --since /,
        );
      }
    },
  },
  {
    name: "standard input",
    rule: "ingest - reads traces, query - reads SQL",
    async holds(world) {
      const line = { resourceSpans: [] };
      const traces = Buffer.from(`${JSON.stringify(line)}\n`);
      const read = await world.run(["ingest", "-", "--db", "other.duckdb", "--json"], {
        input: traces,
      });
      expect([read.code, JSON.parse(read.stdout).rows[0].file]).toEqual([0, "-"]);
      const sql = Buffer.from("select count(*) as calls from cost_records");
      const { stdout } = await world.ask(["query", "-", "--format", "csv"], { input: sql });
      expect(stdout).toMatch(/^calls\n\d{4,}\n$/);
    },
  },
  {
    name: "named queries",
    rule: "query NAME with --param, query --list; each is a file that plain DuckDB runs too",
    async holds(world) {
      const { rows } = await world.json(["query", "--list"]);
      const names = rows.map(({ name }: { name: string }) => name);
      expect(names.filter((name: string) => !existsSync(`queries/${name}.sql`))).toEqual([]);
      const asked = await world.json([
        "query",
        "cost-per-trace",
        "--param",
        "max_rows=2",
        ...incident,
      ]);
      expect(asked.rows).toHaveLength(2);
    },
  },
];
