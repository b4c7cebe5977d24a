import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("five things that take long leave a thread for the journal", () => {
  const folder = mkdtempSync(join(tmpdir(), "spancost-pool-"));
  const pipes = [1, 2, 3, 4, 5].map((nth) => join(folder, `${nth}`));
  // Who reads a pipe that nobody writes to keeps a thread.
  execFileSync("mkfifo", pipes);
  const program = `
    import ${JSON.stringify(fileURLToPath(new URL("thread-pool.ts", import.meta.url)))};
    import { readFile } from "node:fs/promises";
    for (const pipe of ${JSON.stringify(pipes)}) readFile(pipe);
    await readFile(${JSON.stringify(fileURLToPath(import.meta.url))});
    console.log("read");
    process.kill(process.pid, "SIGKILL");
  `;
  const { UV_THREADPOOL_SIZE: _, ...env } = process.env;
  const args = ["--input-type=module", "--eval", program];
  const options = { env, encoding: "utf8", timeout: 10_000, killSignal: "SIGKILL" } as const;
  let output = "";
  try {
    output = execFileSync(process.execPath, args, options);
  } catch (error) {
    output = (error as { stdout: string }).stdout;
  }
  rmSync(folder, { recursive: true, force: true });
  expect(output).toBe("read\n");
}, 20_000);
