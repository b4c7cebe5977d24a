import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";

/** A quarter of an hour would be a network that hangs. */
const timeout = 5 * 60_000;

/**
 * Runs npm with the Node at `node`, so that npm chooses versions that run on it.
 *
 * @returns what it printed on stdout
 * @throws Error with the last lines that it printed on stderr
 */
export function npm(node: string, folder: string, args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${dirname(node)}${delimiter}${process.env["PATH"] ?? ""}`,
    npm_config_audit: "false",
    npm_config_fund: "false",
    npm_config_update_notifier: "false",
  };
  return new Promise((resolve, reject) => {
    execFile("npm", args, { cwd: folder, env, timeout, maxBuffer: 2 ** 26 }, (error, out, err) => {
      if (error === null) resolve(out);
      else reject(new Error(`npm ${args[0]}: ${reason(err) || error.message}`));
    });
  });
}

/** What npm says is wrong, without its warnings. */
function reason(stderr: string): string {
  const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("npm warn"));
  return lines.slice(0, 4).join(" | ");
}
