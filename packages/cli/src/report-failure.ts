import {
  DamagedDatabaseError,
  ForeignDatabaseError,
  NewerSchemaError,
  NotAQueryError,
  QueryHeaderError,
} from "@spancost/store";
import { CommanderError } from "commander";
import { CommandError } from "./errors.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Io } from "./ports.ts";
import { printError } from "./print.ts";
import { harmlessLines } from "./render/text-width.ts";

/** Errors of other packages whose message says what to do. */
const forPeople = [
  DamagedDatabaseError,
  ForeignDatabaseError,
  NewerSchemaError,
  NotAQueryError,
  QueryHeaderError,
];

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
  printError(messageOf(error), io);
  if (debug) {
    io.stderr.write(`${harmlessLines(String(error instanceof Error ? error.stack : error))}\n`);
  }
  return error instanceof CommandError ? error.exitCode : exitCodes.failure;
}

function messageOf(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  if (forPeople.some((kind) => error instanceof kind)) {
    return (error as Error).message.replace(/\.?$/, ".");
  }
  const ofFile = fileProblem(error);
  if (ofFile !== undefined) return ofFile;
  const [reason = "", ...more] = String(error instanceof Error ? error.message : error).split("\n");
  const rest = more.length === 0 ? "" : " …";
  return `unexpected: ${reason}${rest} Run the same command with --debug for the details.`;
}

/** What the operating system says of a file or folder, in words of people. */
const fileProblems: Readonly<Record<string, string>> = {
  EACCES: "this user may not read or write it",
  EPERM: "this user may not read or write it",
  EROFS: "it is on a disk that cannot be written",
  ENOSPC: "its disk is full",
  ENOTDIR: "a part of its path is no folder",
  ENOENT: "it is not there and cannot be made",
};

function fileProblem(error: unknown): string | undefined {
  const { code, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const problem = fileProblems[code ?? ""];
  if (problem === undefined || path === undefined) return undefined;
  // Of a copy, what was to be made: what it was made from is ours, and there.
  return `${dest ?? path} cannot be used: ${problem} (${code}).`;
}
