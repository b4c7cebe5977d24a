import { readFileSync } from "node:fs";

/** Microseconds of CPU, user and system, that this process has used in all its threads. */
export function ownCpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Microseconds of CPU of `work`: of `times` runs the least, which other programs disturbed the least. */
export function cpuOf(work: () => unknown, times = 5): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < times; run += 1) {
    const before = ownCpu();
    work();
    least = Math.min(least, ownCpu() - before);
  }
  return least;
}

/** The same of `work` that takes its time. */
export async function cpuOfAsync(work: () => Promise<unknown>, times = 1): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < times; run += 1) {
    const before = ownCpu();
    await work();
    least = Math.min(least, ownCpu() - before);
  }
  return least;
}

/** Microseconds of CPU that another process has used, in ticks of 10 ms. Linux only; elsewhere it throws. */
export function cpuOfProcess(pid: number): number {
  // The name before the closing bracket may hold anything.
  const fields = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

/** Largest resident memory of a process so far, in bytes. Linux only; elsewhere it throws. */
export function peakMemoryOf(pid: number): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
  return Number(line?.[1] ?? 0) * 1024;
}

/** The value that a share of `part` of the sorted `values` does not exceed: 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}
