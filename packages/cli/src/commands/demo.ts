import type { Command } from "commander";
import { demoDb } from "../sources/open-source.ts";

export interface DemoFlags {
  readonly db: string;
  readonly until?: string;
  readonly force?: boolean;
}

export function defineDemo(program: Command): Command {
  return program
    .command("demo")
    .description("a synthetic week with a planted incident, through the real pipeline, explained")
    .option("--db <file>", "the database file to make, or :memory:", demoDb)
    .option("--until <time>", "when the week ends, in full hours (default: the last one)")
    .option("--force", "replace the file of --db")
    .addHelpText("after", "\nThe same --until gives the same spans, ids included.");
}
