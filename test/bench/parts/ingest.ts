import { spawn } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Store } from "@spancost/store";
import { corpus, spansPerTrace } from "../corpus.ts";
import { cpuOfProcess, peakMemoryOf, quantile } from "../cpu.ts";
import type { Findings } from "../findings.ts";

/** `spancost ingest` of whole traces from files, as a person would run it, and questions about them. */
export async function ingestPart(findings: Findings, folder: string, spans: number): Promise<void> {
  const traces = Math.ceil(spans / spansPerTrace);
  const database = join(folder, "ingest.duckdb");
  const files = writeFiles(folder, traces);
  await ingest(findings, database, files, traces * spansPerTrace);
  await questions(findings, database);
}

/** The corpus in .pb files of about 100,000 spans: requests put one after the other are one request. */
function writeFiles(folder: string, traces: number): string[] {
  const files: string[] = [];
  let parts: Uint8Array[] = [];
  const flush = () => {
    if (parts.length === 0) return;
    const file = join(folder, `part-${files.length}.pb`);
    writeFileSync(file, Buffer.concat(parts));
    files.push(file);
    parts = [];
  };
  for (const request of corpus(traces)) {
    parts.push(request);
    if (parts.length === 200) flush();
  }
  flush();
  return files;
}

async function ingest(
  findings: Findings,
  database: string,
  files: readonly string[],
  spans: number,
): Promise<void> {
  const started = performance.now();
  const main = "packages/cli/src/main.ts";
  const child = spawn(
    process.execPath,
    ["--conditions=spancost-source", main, "ingest", "--db", database, ...files],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  let peak = 0;
  let cpu = 0;
  const watch = setInterval(() => {
    try {
      peak = Math.max(peak, peakMemoryOf(child.pid ?? 0));
      cpu = Math.max(cpu, cpuOfProcess(child.pid ?? 0));
    } catch {
      // It has just ended.
    }
  }, 50);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`spancost ingest ended with ${code}`);
  const seconds = (performance.now() - started) / 1000;
  findings.tell("spancost ingest", seconds, "s");
  findings.tell("spancost ingest, spans in wall time", spans / seconds, "spans/s");
  findings.tell("spancost ingest, all threads", cpu / spans, "µs CPU a span");
  findings.tell("spancost ingest, peak memory", peak / 1e6, "MB");
  findings.tell("spancost ingest, database", statSync(database).size / spans, "bytes a span");
}

async function questions(findings: Findings, database: string): Promise<void> {
  const store = await Store.open(database);
  const { rows } = await store.readRows("select trace_id from cost_records using sample 20");
  const sql =
    "select sum(cost_usd) as cost from cost_records where trace_id = getvariable('trace_id')";
  const times: number[] = [];
  for (const { trace_id } of rows) {
    const started = performance.now();
    await store.readRows(sql, { trace_id: trace_id ?? null });
    times.push(performance.now() - started);
  }
  findings.tell("cost of one trace, median of 20", quantile(times, 0.5), "ms");
  const started = performance.now();
  await store.readRows("select feature, sum(cost_usd) from cost_records group by feature");
  findings.tell("cost by feature, everything", performance.now() - started, "ms");
  await store.close();
}
