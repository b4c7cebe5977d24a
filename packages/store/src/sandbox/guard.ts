import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

/** Milliseconds between two looks at the memory. The fastest that one query was seen to take it is 2 GB a second. */
const look = 50;

/**
 * Has this process give way to others, write no file, and end when it takes more memory than it may.
 *
 * The engine's own memory limit does not count the texts and lists that a function makes. Where Linux can limit
 * them (RLIMIT_DATA), an allocation too large fails, and with it the one question; what passes, or where it cannot,
 * is seen by its resident memory.
 *
 * @param beforeEnd told once; the process ends when it resolves
 */
export function guardProcess(megabytes: number, beforeEnd: () => Promise<void>): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  limitByKernel(megabytes);
  let ending = false;
  setInterval(() => {
    if (ending || process.memoryUsage.rss() <= megabytes * 1e6) return;
    ending = true;
    // At once: `process.exit` would wait for the engine's threads.
    const end = () => process.kill(process.pid, "SIGKILL");
    beforeEnd().then(end, end);
  }, look);
}

function limitByKernel(megabytes: number): void {
  if (process.platform !== "linux") return;
  const status = readFileSync("/proc/self/status", "utf8");
  const kilobytes = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  // What Node has reserved already and never touches counts too; what is resident is part of what it may have.
  const data = (kilobytes("VmData") - kilobytes("VmRSS")) * 1024 + megabytes * 1e6;
  if (!Number.isFinite(data)) return;
  // Of util-linux. Where it is missing, what follows is all there is.
  spawnSync(
    "prlimit",
    [`--pid=${process.pid}`, `--data=${Math.ceil(data)}`, "--fsize=0", "--core=0"],
    {
      stdio: "ignore",
    },
  );
}
