import { type ExitCode, exitCodes } from "./exit-codes.ts";

/**
 * What a person can put right. The message says what happened, why, and what to type next; it is all that is
 * shown without --debug.
 */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exitCodes.failure) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** A flag, a name or a combination that the command does not take. */
export class UsageError extends CommandError {
  override readonly name = "UsageError";

  constructor(message: string) {
    super(message, exitCodes.usage);
  }
}

/** What was asked for is not stored. */
export class NoDataError extends CommandError {
  override readonly name = "NoDataError";

  constructor(message: string) {
    super(message, exitCodes.noData);
  }
}
