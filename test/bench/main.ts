// npm run bench [-- SPANS]: what the data path costs, from files to an answer. Prints figures; judges nothing.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { arch, cpus, platform, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { type CallToPrice, createPriceBook } from "@spancost/pricing";
import { decodeRequest, ProtobufDecoder } from "@spancost/receiver";
import { toSpanFacts } from "@spancost/records";
import { keepAttribute, tokenCount, unknownUsage } from "@spancost/semconv";
import { Store } from "@spancost/store";
import { corpus, spansPerTrace } from "./corpus.ts";

const spans = Number(process.argv[2] ?? 1_000_000);
const traces = Math.ceil(spans / spansPerTrace);
const folder = mkdtempSync(join(tmpdir(), "spancost-bench-"));
const database = join(folder, "bench.duckdb");

console.log(
  `machine: ${cpus().length} × ${cpus()[0]?.model}, ${gigabytes(totalmem())}, ${platform()} ${arch()}`,
);
console.log(
  `node ${process.version}; ${(traces * spansPerTrace).toLocaleString("en")} spans, ${traces.toLocaleString("en")} traces\n`,
);

try {
  const files = writeFiles();
  stages(files[0] ?? "");
  await pricing();
  await ingestByCommand(files);
  await questions();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The corpus in .pb files of about 100,000 spans: requests put one after the other are one request. */
function writeFiles(): string[] {
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
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  console.log(`files: ${files.length}, ${megabytes(bytes)}`);
  return files;
}

/** CPU of each stage that runs in JavaScript, alone, on one file. */
function stages(file: string): void {
  const bytes = readFileSync(file);
  const decoder = new ProtobufDecoder({ keepAttribute });
  const prices = createPriceBook();
  const decoded = decodeRequest(decoder, bytes).spans;
  for (const span of decoded) toSpanFacts(span, prices);
  const decode = cpuOf(() => decodeRequest(decoder, bytes)) / decoded.length;
  const read = cpuOf(() => decoded.map((span) => toSpanFacts(span, prices))) / decoded.length;
  console.log(`decode protobuf        ${decode.toFixed(2)} µs CPU a span`);
  console.log(`read and price         ${read.toFixed(2)} µs CPU a span`);
}

/** CPU of pricing a call whose model was asked for before, in turn for models of every provider. */
async function pricing(): Promise<void> {
  const { parseContract } = await import("@spancost/pricing/contract");
  const { contract } = parseContract(readFileSync("test/bench/contract.yaml", "utf8"));
  if (contract === undefined) throw new Error("the contract of the benchmark does not parse");
  for (const [name, prices] of [
    ["price a call", createPriceBook()],
    ["  by a contract", createPriceBook({ contract })],
  ] as const) {
    const calls = callsToPrice();
    for (const call of calls) prices.price(call);
    const cost = cpuOf(() => {
      for (let turn = 0; turn < 100; turn++) for (const call of calls) prices.price(call);
    });
    console.log(`${name.padEnd(23)}${(cost / 100 / calls.length).toFixed(2)} µs CPU a call`);
  }
}

/** 2,000 calls to 8 models, each in its own way: cached, long, at Bedrock, in flex. */
function callsToPrice(): CallToPrice[] {
  const models = [
    ["openai", "gpt-5-mini-2025-08-07", undefined],
    ["openai", "gpt-5", "flex"],
    ["anthropic", "claude-sonnet-4-5-20250929", undefined],
    ["anthropic", "claude-opus-4-5", undefined],
    ["aws.bedrock", "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", undefined],
    ["gcp.vertex_ai", "gemini-2.5-pro", undefined],
    ["deepseek", "deepseek-chat", undefined],
    ["mistral_ai", "mistral-large-latest", undefined],
  ] as const;
  return Array.from({ length: 2_000 }, (_, nth) => {
    const [provider, model, serviceTier] = models[nth % models.length] ?? models[0];
    const input = 1_000 + ((nth * 7_919) % 300_000);
    return {
      provider,
      requestModel: model,
      responseModel: model,
      startedAt: Date.UTC(2026, 10, 1) + nth * 60_000,
      durationMicros: 1_000_000 + nth,
      serviceTier,
      account: "1234",
      region: "eu-west-1",
      usage: {
        ...unknownUsage,
        input: tokenCount(input),
        cacheRead: tokenCount(Math.floor(input / 2)),
        cacheWrite: tokenCount(100),
        output: tokenCount(500 + (nth % 1_000)),
      },
    };
  });
}

/** Microseconds of CPU, all threads, of the best of three runs. */
function cpuOf(work: () => unknown): number {
  const runs = [0, 1, 2].map(() => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return user + system;
  });
  return Math.min(...runs);
}

/** `spancost ingest`, as a person would, with the memory and the CPU that it took. */
async function ingestByCommand(files: readonly string[]): Promise<void> {
  const started = performance.now();
  const main = "packages/cli/src/main.ts";
  const child = spawn(
    process.execPath,
    ["--conditions=spancost-source", main, "ingest", "--db", database, ...files],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  let peak = 0;
  let cpuTicks = 0;
  const watch = setInterval(() => {
    try {
      peak = Math.max(peak, peakOf(child.pid));
      cpuTicks = Math.max(cpuTicks, ticksOf(child.pid));
    } catch {
      // It has just ended.
    }
  }, 50);
  const code = await new Promise((resolve) => child.once("close", resolve));
  clearInterval(watch);
  if (code !== 0) throw new Error(`spancost ingest ended with ${code}`);
  const seconds = (performance.now() - started) / 1000;
  const count = traces * spansPerTrace;
  console.log(
    `spancost ingest        ${seconds.toFixed(1)} s, ${Math.round(count / seconds).toLocaleString("en")} spans/s`,
  );
  if (peak > 0) {
    console.log(
      `  CPU                  ${((cpuTicks * 10_000) / count).toFixed(1)} µs a span, all threads`,
    );
    console.log(`  peak memory          ${megabytes(peak)}`);
  }
  console.log(
    `  database             ${megabytes(statSync(database).size)}, ${(statSync(database).size / count).toFixed(0)} bytes a span`,
  );
}

/** Largest resident memory so far, in bytes. Linux only; elsewhere it throws. */
function peakOf(pid: number | undefined): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return Number(line?.[1] ?? 0) * 1024;
}

/** User and system time in ticks of 10 ms. Linux only. */
function ticksOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

async function questions(): Promise<void> {
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
  times.sort((a, b) => a - b);
  console.log(
    `cost of one trace      ${times[10]?.toFixed(1)} ms median of 20, ${times.at(-1)?.toFixed(1)} ms slowest`,
  );
  const started = performance.now();
  await store.readRows("select feature, sum(cost_usd) from cost_records group by feature");
  console.log(`cost by feature, all   ${(performance.now() - started).toFixed(0)} ms`);
  await store.close();
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(0)} GB`;
}
