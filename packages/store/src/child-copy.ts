import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Runs in the child. A file that is not there is passed over. */
const script = `
const fs = require("node:fs");
for (let i = 1; i < process.argv.length; i += 2) {
  const [from, to] = process.argv.slice(i, i + 2);
  if (!fs.existsSync(from)) continue;
  fs.copyFileSync(from, to, fs.constants.COPYFILE_FICLONE);
  const file = fs.openSync(to, "r+");
  fs.fsyncSync(file);
  fs.closeSync(file);
}`;

/**
 * Copies files, durably, in a process of its own; cheaply where the file system can share blocks.
 *
 * Not in this one: closing any descriptor of a database's file would drop DuckDB's lock on it, for POSIX locks
 * belong to a process and not to a descriptor.
 */
export async function copyInChild(
  pairs: readonly (readonly [from: string, to: string])[],
  signal: AbortSignal = never,
): Promise<void> {
  await run(process.execPath, ["-e", script, ...pairs.flat()], {
    env: {},
    signal,
    killSignal: "SIGKILL",
  });
}

const never = new AbortController().signal;
