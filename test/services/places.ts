import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Where projects and runtimes are installed, kept between runs. Outside of the repository: below it, a project would find
 * the repository's own packages where it has none itself.
 */
export const cache = process.env["SERVICES_CACHE"] ?? join(tmpdir(), "spancost-services");

/** An installation takes no longer; a lock that is older was left behind. */
const maxLockMillis = 10 * 60_000;

/** Runs `work` while nobody else, in this process or another, holds the lock of that name. */
export async function alone<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
  mkdirSync(cache, { recursive: true });
  const lock = join(cache, `${name}.lock`);
  while (!taken(lock)) await sleep(200);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function taken(lock: string): boolean {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (isLeftBehind(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isLeftBehind(lock: string): boolean {
  try {
    if (Date.now() - statSync(lock).mtimeMs > maxLockMillis) return true;
    process.kill(Number(readFileSync(lock, "utf8")), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
