import { NewerSchemaError, NotAQueryError, QueryHeaderError } from "@spancost/store";
import { CommanderError } from "commander";
import { CommandError } from "./errors.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Io } from "./ports.ts";

/** Errors of other packages whose message says what to do. */
const forPeople = [NewerSchemaError, NotAQueryError, QueryHeaderError];

/**
 * Says on stderr what went wrong, without a stack unless `debug`.
 *
 * @returns what the command ends with
 */
export function reportFailure(error: unknown, io: Io, debug: boolean): ExitCode {
  // Commander has written its message, or the help that was asked for.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  io.stderr.write(`${io.stderr.style("red", "spancost:")} ${messageOf(error)}\n`);
  if (debug) io.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  return error instanceof CommandError ? error.exitCode : exitCodes.failure;
}

function messageOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (forPeople.some((kind) => error instanceof kind)) return `${(error as Error).message}.`;
  const [reason = "", ...more] = String(error instanceof Error ? error.message : error).split("\n");
  const rest = more.length === 0 ? "" : " …";
  return `unexpected: ${reason}${rest} Run the same command with --debug for the details.`;
}
