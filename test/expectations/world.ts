import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Ended, runCommand } from "../flow/command.ts";

/** The demo's week ends here; its incident began nine hours before. */
export const until = "2026-11-20T12:00:00Z";
export const incident = ["--since", "2026-11-20T03:00:00Z", "--until", until] as const;

/** What people expect of a command line, and what must hold for it: a row of a checklist. */
export interface Expectation {
  readonly name: string;
  /** What is promised. */
  readonly rule: string;
  /** What of it does not hold here, and why; printed. */
  readonly reason?: string;
  holds(world: World): Promise<void>;
}

/** A folder with the demo's database, and the command in it. */
export class World {
  readonly folder: string;
  /** What the demo printed when it made the database. */
  readonly demo: Ended;

  private constructor(folder: string, demo: Ended) {
    this.folder = folder;
    this.demo = demo;
  }

  /** @throws where the demo fails */
  static async make(): Promise<World> {
    const folder = mkdtempSync(join(tmpdir(), "spancost-expectations-"));
    const demo = await runCommand(folder, ["demo", "--until", until]);
    if (demo.code !== 0) throw new Error(demo.stderr);
    return new World(folder, demo);
  }

  /** Runs `spancost` on the demo's database. */
  ask(args: readonly string[], options?: Parameters<typeof runCommand>[2]): Promise<Ended> {
    return this.run([...args, "--db", "spancost-demo.duckdb"], options);
  }

  /** Runs `spancost` as it is typed. */
  run(args: readonly string[], options?: Parameters<typeof runCommand>[2]): Promise<Ended> {
    return runCommand(this.folder, args, options);
  }

  /** The answer of a command as JSON. @throws what it said where it gave none */
  async json(args: readonly string[]) {
    const { stdout, stderr } = await this.ask([...args, "--json"]);
    if (stdout === "") throw new Error(stderr);
    return JSON.parse(stdout);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
