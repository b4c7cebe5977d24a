import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Io } from "./ports.ts";
import { createProgram } from "./program.ts";
import { reportFailure } from "./report-failure.ts";

/** Runs one command line. @returns what the process ends with; all failures are told on stderr */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const { command, exitCode, io: asked } = createProgram(io);
  if (args.length === 0) {
    io.stdout.write(command.helpInformation());
    return exitCodes.ok;
  }
  try {
    await command.parseAsync(args, { from: "user" });
    return exitCode();
  } catch (error) {
    return reportFailure(error, asked(), args.includes("--debug"));
  }
}
