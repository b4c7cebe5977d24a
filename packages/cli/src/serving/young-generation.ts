import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Bytes of which no more are of use: half and four times as many took the same time a span. */
const enoughBytes = 32 * 1024 * 1024;

/**
 * Keeps V8's young generation as large as it is once it is large enough.
 *
 * After each collection that leaves much, V8 doubles it, up to 128 MB, and gives nothing back. What a request leaves there
 * is little, and gone with the next. How large it may get is only told at the start of a process; by which factor it grows,
 * at any time: https://nodejs.org/api/cli.html#--max-semi-space-sizesize-in-mib.
 */
export function keepYoungGenerationSmall(): void {
  const observer = new PerformanceObserver(() => {
    const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
    if (young === undefined || young.space_size < enoughBytes) return;
    setFlagsFromString("--semi-space-growth-factor=1");
    observer.disconnect();
  });
  observer.observe({ type: "gc" });
}
