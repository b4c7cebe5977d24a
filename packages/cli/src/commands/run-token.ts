import { formatToken, newToken, type Scope, sha256Of } from "@spancost/receiver";
import { UsageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Io } from "../ports.ts";
import type { TokenFlags } from "./token.ts";

/** Prints a new token. @throws UsageError */
export function runToken(name: string, { scope, team }: TokenFlags, io: Io): ExitCode {
  if (!/^[\w.:@/-]{1,64}$/.test(name)) {
    throw new UsageError(`NAME has 1 to 64 letters, digits or . : @ / _ -, not "${name}".`);
  }
  const scopes = scope.split(",");
  if (scopes.length > 2 || !scopes.every((each) => each === "write" || each === "read")) {
    throw new UsageError(`--scope is write, read, or write,read, not "${scope}".`);
  }
  if (team !== undefined && /\s/.test(team)) throw new UsageError("--team has no blanks.");
  const token = newToken();
  const line = formatToken({
    name,
    sha256: sha256Of(token),
    scopes: scopes as Scope[],
    team,
    expiresAt: undefined,
    bytesPerSecond: undefined,
  });
  io.stdout.write(`${line}\n`);
  io.stderr.write(`The token of ${name}, shown only now: ${token}\n`);
  return exitCodes.ok;
}
