import { expect } from "vitest";
import { serve } from "../browser/served.ts";
import { type Expectation, incident } from "./world.ts";

const startOfCode = "\u001b";

/** What people expect of how a command speaks: colour, errors, exit codes. */
export const words: readonly Expectation[] = [
  {
    name: "colour",
    rule: "on a terminal alone, by NO_COLOR and FORCE_COLOR; nothing is said by colour alone",
    async holds(world) {
      const top = ["top", ...incident];
      const piped = await world.ask(top);
      const coloured = await world.ask(top, { env: { FORCE_COLOR: "1" } });
      const plain = await world.ask(top, { env: { NO_COLOR: "1" } });
      expect(piped.stdout + piped.stderr).not.toContain(startOfCode);
      expect(coloured.stdout).toContain(`${startOfCode}[`);
      expect(coloured.stdout.replace(new RegExp(`${startOfCode}\\[\\d+m`, "g"), "")).toBe(
        piped.stdout,
      );
      expect(plain).toEqual(piped);
    },
  },
  {
    name: "no terminal",
    rule: "no spinner, no prompt; --quiet leaves out notes, and keeps warnings that change the meaning",
    async holds(world) {
      const { stdout, stderr } = await world.ask(["explain", ...incident]);
      expect(stdout + stderr).not.toMatch(/[\r\u2500-\u257f]/);
      const loud = await world.ask(["top", ...incident]);
      const quiet = await world.ask(["top", ...incident, "--quiet"]);
      expect(quiet.stdout).toBe(loud.stdout);
      expect(loud.stderr).toContain("Window: ");
      expect(quiet.stderr).toMatch(/^! \d+ calls of .*: no price.*\n$/);
      const copy = await world.ask(["snapshot", "copy.duckdb", "--quiet"]);
      expect(copy).toEqual({ code: 0, stdout: "", stderr: "" });
      const failed = await world.ask(["top", "--since", "soon", "--quiet"]);
      expect([failed.code, failed.stderr]).toEqual([2, expect.stringContaining("--since takes")]);
    },
  },
  {
    name: "exit codes",
    rule: "0 ok, 1 failure, 2 usage, 3 no data, 4 threshold breached, 130 interrupted; help exit-codes",
    reason: "130 is tried where a receiver is interrupted: test/flow/cli.test.ts",
    async holds(world) {
      const code = async (...args: string[]) => (await world.ask(args)).code;
      expect(await code("top")).toBe(0);
      expect((await world.run(["top", "--db", "nowhere.duckdb"])).code).toBe(1);
      expect(await code("top", "--limit", "x")).toBe(2);
      expect(await code("top", "--since", "2020-01-01", "--until", "2020-01-02")).toBe(3);
      const budgets = "budgets: [{name: everything, period: day, limit: 0.01}]\n";
      const at = ["--at", "2026-11-20T11:00Z", "--budgets", "-"];
      const breached = await world.ask(["check", ...at], { input: Buffer.from(budgets) });
      expect([breached.code, breached.stdout]).toEqual([4, expect.stringContaining("everything")]);
      const { stdout } = await world.run(["help", "exit-codes"]);
      for (const number of [0, 1, 2, 3, 4, 130]) {
        expect(stdout).toMatch(new RegExp(`^ +${number}  `, "m"));
      }
    },
  },
  {
    name: "errors",
    rule: "what happened, why, what to type; no stack without --debug; a file that a receiver has open is asked there",
    async holds(world) {
      const missing = ["top", "--db", "nowhere.duckdb"];
      const { stderr } = await world.run(missing);
      expect(stderr).toMatch(/^spancost: there is no database nowhere\.duckdb\. Start .*--db\.\n$/);
      expect((await world.run([...missing, "--debug"])).stderr).toContain("\n    at ");
      const before = await world.json(["top", ...incident]);
      const served = await serve(world.folder, "spancost-demo.duckdb");
      try {
        const asked = await world.ask(["top", ...incident, "--json"]);
        expect(asked.stderr).toMatch(/is in use by the receiver \(pid \d+\): asking it at http:/);
        expect(JSON.parse(asked.stdout)).toEqual(before);
      } finally {
        await served.stop();
      }
    },
  },
  {
    name: "typing mistakes",
    rule: "an unknown command, flag, query or zone ends with 2 and a guess",
    async holds(world) {
      const wrong = [
        [["tpo"], "(Did you mean top?)"],
        [["top", "--sinc", "2h"], "(Did you mean --since?)"],
        [["top", "--by", "featur"], "Did you mean feature?"],
        [["query", "cost-per-trce"], "cost-per-trace"],
        [["top", "--timezone", "Europe/Berln"], "Did you mean Europe/Berlin?"],
      ] as const;
      for (const [args, guess] of wrong) {
        const { code, stderr } = await world.run(args);
        expect([args, code, stderr]).toEqual([args, 2, expect.stringContaining(guess)]);
      }
    },
  },
];
