import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

/** What Node needs to run the `spancost` command from source. */
export const commandFromSource = [
  "--conditions=spancost-source",
  resolve("packages/cli/src/main.ts"),
];

/** What a run of the command came to. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What of this environment a command gets: nothing that changes what it does. */
export const plainEnvironment = {
  PATH: process.env["PATH"],
  HOME: process.env["HOME"],
  // What Node compiles of the sources is kept: a start from them takes half as long then.
  NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? join(tmpdir(), "spancost-compiled"),
};

/** Runs `spancost` with these arguments in `folder`. */
export function runCommand(
  folder: string,
  args: readonly string[],
  { env = {}, input }: { env?: Record<string, string>; input?: Buffer } = {},
): Promise<Ended> {
  return new Promise((settle) => {
    const child = execFile(
      process.execPath,
      [...commandFromSource, ...args],
      { cwd: folder, env: { ...plainEnvironment, ...env } as NodeJS.ProcessEnv },
      (error, stdout, stderr) => settle({ code: exitCodeOf(error), stdout, stderr }),
    );
    child.stdin?.end(input);
  });
}

function exitCodeOf(error: unknown): number {
  return error === null ? 0 : ((error as { code?: number }).code ?? -1);
}
