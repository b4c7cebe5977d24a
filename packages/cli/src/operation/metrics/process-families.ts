import { readdir } from "node:fs/promises";
import { catalogueVersion } from "@spancost/pricing";
import { version } from "../../version.ts";
import { counter, type Family, gauge } from "./family.ts";

/** Files and sockets that this process has open; `undefined` where the system does not tell. */
export async function openFiles(): Promise<number | undefined> {
  return readdir("/proc/self/fd").then(
    ({ length }) => length,
    () => undefined,
  );
}

/**
 * This process, under the names that dashboards for Prometheus know.
 *
 * Source: https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics, and prom-client for `nodejs_`
 */
export function processFamilies(openFiles: number | undefined): Family[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const startedAt = performance.timeOrigin / 1000;
  const build = { version, node: process.version, prices: catalogueVersion.source };
  return [
    gauge("spancost_build_info", "Always 1; its labels say what runs here.", [
      { labels: build, value: 1 },
    ]),
    gauge("process_start_time_seconds", "Since 1970.", startedAt),
    counter("process_cpu_seconds_total", "CPU time of all threads.", (user + system) / 1e6),
    gauge("process_resident_memory_bytes", "Memory, DuckDB's included.", rss),
    gauge("process_open_fds", "Files and sockets that are open.", openFiles),
    gauge("nodejs_heap_size_used_bytes", "JavaScript objects.", heapUsed),
    gauge("nodejs_heap_size_total_bytes", "Memory for JavaScript objects.", heapTotal),
    gauge("nodejs_external_memory_bytes", "Buffers outside of the heap.", external),
  ];
}
