import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";

/**
 * Runs a script from source in a process of its own, and kills that so long after it has said a word, or lets it end.
 *
 * @returns all that it said
 * @throws what it wrote to stderr where it ends before it has said the word
 */
export async function killAfter(
  script: URL,
  args: readonly (string | number)[],
  word: string,
  ms: number,
): Promise<string> {
  const all = ["--conditions=spancost-source", script.pathname, ...args.map(String)];
  const child = spawn(process.execPath, all);
  const exited = new Promise((resolve) => child.once("exit", resolve));
  let said = "";
  let problem = "";
  child.stderr.on("data", (part: Buffer) => {
    problem += part.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on("data", (part: Buffer) => {
      said += part.toString();
      if (said.includes(word)) resolve();
    });
    child.once("exit", () => reject(new Error(problem)));
  });
  await Promise.race([exited, delay(ms)]);
  child.kill("SIGKILL");
  await exited;
  return said;
}
