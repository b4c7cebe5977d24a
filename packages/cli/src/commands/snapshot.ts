import { existsSync, realpathSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { CommandError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Io } from "../ports.ts";
import { sizeText } from "../size-text.ts";
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
 * @throws CommandError where OUT cannot be made or may not be replaced
 */
export async function runSnapshot(
  out: string,
  force: boolean,
  flags: SourceFlags,
  io: Io,
): Promise<ExitCode> {
  checkTarget(out, force, flags);
  const source = await openSource(flags, io);
  const partial = `${out}.${process.pid}.partial`;
  try {
    await source.snapshot(partial);
    renameSync(partial, out);
  } finally {
    rmSync(partial, { force: true });
    await source.close();
  }
  io.notes.write(
    `${out} is written (${sizeText(statSync(out).size)}). Look into it: duckdb ${out}\n`,
  );
  return exitCodes.ok;
}

/** @throws CommandError where a copy must not or cannot be put at `out` */
function checkTarget(out: string, force: boolean, { db }: SourceFlags): void {
  const folder = dirname(out);
  if (!existsSync(folder)) {
    throw new CommandError(`there is no folder ${folder}. Make it, or name a file in another one.`);
  }
  if (!existsSync(out)) return;
  if (statSync(out).isDirectory()) {
    throw new CommandError(
      `${out} is a folder. Name a file in it, such as ${join(out, "spans.duckdb")}.`,
    );
  }
  // A receiver would go on writing into the file that the copy replaced, and lose all of it.
  if (existsSync(db) && realpathSync(out) === realpathSync(db)) {
    throw new CommandError(`${out} is the database itself. Name another file for the copy.`);
  }
  if (!force) {
    throw new CommandError(`${out} exists. Name another file, or replace it with --force.`);
  }
}
