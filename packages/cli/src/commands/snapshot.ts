import { existsSync, renameSync, rmSync, statSync } from "node:fs";
import type { Command } from "commander";
import { CommandError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Io } from "../ports.ts";
import { openSource, type SourceFlags } from "../sources/open-source.ts";

export function defineSnapshot(program: Command): Command {
  return program
    .command("snapshot")
    .description("a consistent copy of the database for other tools, also while a receiver writes")
    .argument("<OUT>", "the file to make; plain duckdb opens it")
    .option("--force", "replace OUT if it exists")
    .addHelpText(
      "after",
      '\nExamples:\n  spancost snapshot spans.duckdb && duckdb spans.duckdb -c "from cost_records limit 5"',
    );
}

/**
 * Writes the copy beside OUT and renames it, so that OUT is whole or not there.
 *
 * @throws CommandError where OUT exists and may not be replaced
 */
export async function runSnapshot(
  out: string,
  force: boolean,
  flags: SourceFlags,
  io: Io,
): Promise<ExitCode> {
  if (existsSync(out) && !force) {
    throw new CommandError(`${out} exists. Name another file, or replace it with --force.`);
  }
  const source = await openSource(flags, io);
  const partial = `${out}.${process.pid}.partial`;
  try {
    await source.snapshot(partial);
    renameSync(partial, out);
  } finally {
    rmSync(partial, { force: true });
    await source.close();
  }
  const megabytes = (statSync(out).size / 1e6).toFixed(1);
  io.stderr.write(`${out} is written (${megabytes} MB). Look into it: duckdb ${out}\n`);
  return exitCodes.ok;
}
