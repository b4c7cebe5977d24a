import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { expect } from "vitest";
import { type Expectation, incident } from "./world.ts";

/** A network that is not there: whatever connects to another machine, or looks for one, fails. */
const noNetwork = `
import net from "node:net";
import dns from "node:dns";
const fail = () => { throw new Error("the network was used"); };
net.Socket.prototype.connect = fail;
dns.lookup = fail;
globalThis.fetch = fail;
`;

/** What people expect of ports, settings, links and retention. */
export const settings: readonly Expectation[] = [
  {
    name: "sensible ports",
    rule: "4317, 4318 and the page on 4319, on this machine alone; a port that is taken is told with the flag for another",
    async holds(world) {
      const { rows } = JSON.parse((await world.run(["config", "--json"])).stdout);
      const value = (name: string) =>
        rows.find(({ setting }: { setting: string }) => setting === name)?.value;
      expect(["grpc-port", "http-port", "web-port", "host", "web-host"].map(value)).toEqual([
        "4317",
        "4318",
        "4319",
        "127.0.0.1",
        "127.0.0.1",
      ]);
      const other = createServer();
      await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
      const taken = String((other.address() as AddressInfo).port);
      const ports = ["--http-port", taken, "--grpc-port", "0", "--web-port", "0"];
      const { code, stderr } = await world.run(["serve", "--db", "ports.duckdb", ...ports]);
      other.close();
      expect(code).toBe(1);
      expect(stderr).toContain(`port ${taken} of 127.0.0.1 is taken`);
      expect(stderr).toContain("--http-port");
    },
  },
  {
    name: "show the SQL",
    rule: "the SQL behind a named query can be read, and gives the same when it is typed",
    reason:
      "--sql is how SQL is given, so no flag prints it: named queries are files, and the page shows and copies them (test/browser/incident.test.ts)",
    async holds(world) {
      const input = readFileSync("queries/cost-per-trace.sql");
      const own = await world.ask(["query", "-", ...incident, "--json"], { input });
      const named = await world.json(["query", "cost-per-trace", ...incident]);
      expect(named.rows.length).toBeGreaterThan(1);
      expect(JSON.parse(own.stdout).rows).toEqual(named.rows);
    },
  },
  {
    name: "completion and doctor",
    rule: "completion bash|zsh|fish; doctor says what is missing and what to type",
    async holds(world) {
      for (const shell of ["bash", "zsh", "fish"]) {
        const { code, stdout } = await world.run(["completion", shell]);
        expect([shell, code, stdout.length > 100]).toEqual([shell, 0, true]);
      }
      const { stdout } = await world.ask(["doctor"]);
      expect(stdout).toMatch(
        /^warning .* calls have no price .*\n +→ spancost prices unpriced --db spancost-demo\.duckdb$/m,
      );
    },
  },
  {
    name: "sharing",
    rule: "every view has an address with absolute times; link prints it; nothing is uploaded",
    async holds(world) {
      const link = async (...args: string[]) => (await world.ask(["link", ...args])).stdout;
      expect(await link("explain")).toMatch(
        /^http:\/\/localhost:4319\/explain\?from=\S+Z&to=\S+Z&since=2026-11-20T\d\d:\d\dZ&until=2026-11-20T\S+Z\n$/,
      );
      const [{ trace_id: id }] = (await world.json(["query", "cost-per-trace"])).rows;
      expect(await link("trace", id.slice(0, 10))).toBe(`http://localhost:4319/trace/${id}\n`);
      const typed = ["query", "cost-per-trace", ...incident, "--param", "max_rows=3"];
      expect(await link(...typed)).toContain("/queries/cost-per-trace?");
    },
  },
  {
    name: "offline",
    rule: "no network at run time: prices ship with the package",
    async holds(world) {
      const file = join(world.folder, "no-network.mjs");
      writeFileSync(file, noNetwork);
      const env = { NODE_OPTIONS: `--import ${file}` };
      const blocked = await world.run(["top", "--url", "http://127.0.0.1:1"], { env });
      expect(blocked.stderr).toContain("the network was used");
      for (const args of [["explain", ...incident], ["prices", "show", "gpt-5-mini"], ["doctor"]]) {
        const { code, stderr } = await world.ask(args, { env });
        expect([args[0], code, stderr.includes("network")]).toEqual([args[0], 0, false]);
      }
    },
  },
  {
    name: "order of settings",
    rule: "flag, then environment, then spancost.config.json, then default; config tells which",
    async holds(world) {
      const file = join(world.folder, "spancost.config.json");
      writeFileSync(file, JSON.stringify({ timezone: "Asia/Tokyo", format: "csv" }));
      const from = async (env: Record<string, string>) => {
        const { rows } = JSON.parse((await world.run(["config", "--json"], { env })).stdout);
        const row = rows.find(({ setting }: { setting: string }) => setting === "timezone");
        return [row.value, row.from];
      };
      const env = { SPANCOST_TIMEZONE: "Europe/Paris" };
      const shown = async (args: readonly string[], variables = {}) =>
        (await world.ask(["top", ...incident, ...args], { env: variables })).stderr;
      try {
        expect(await from({})).toEqual(["Asia/Tokyo", "spancost.config.json"]);
        expect(await from(env)).toEqual(["Europe/Paris", "SPANCOST_TIMEZONE"]);
        expect(await shown([])).toContain("12:00 to 21:00 Asia/Tokyo");
        expect(await shown([], env)).toContain("04:00 to 13:00 Europe/Paris");
        expect(await shown(["--timezone", "UTC"], env)).toContain("03:00 to 12:00 UTC");
      } finally {
        rmSync(file);
      }
      expect(await from({})).toEqual([null, null]);
    },
  },
  {
    name: "retention",
    rule: "serve --keep, --keep-spans and --max-size; a wrong one is refused before anything is opened",
    reason:
      "doctor does not show it: spancost config and the log of serve do; what it deletes is tried in packages/store",
    async holds(world) {
      const env = { SPANCOST_KEEP: "90d", SPANCOST_KEEP_SPANS: "14d", SPANCOST_MAX_SIZE: "2GB" };
      const { rows } = JSON.parse((await world.run(["config", "--json"], { env })).stdout);
      for (const [setting, value] of [
        ["keep", "90d"],
        ["keep-spans", "14d"],
        ["max-size", "2GB"],
      ]) {
        expect(rows).toContainEqual(expect.objectContaining({ setting, value }));
      }
      const { code, stderr } = await world.run(["serve", "--db", "kept.duckdb", "--keep", "long"]);
      expect([code, stderr]).toEqual([2, expect.stringContaining("--keep")]);
    },
  },
];
