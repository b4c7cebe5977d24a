import { closeSync, fdatasyncSync, openSync, readdirSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { Child } from "../child.ts";
import { quantile } from "../cpu.ts";
import type { Findings } from "../findings.ts";
import type { CallShape } from "../model-calls.ts";
import { type Requests, readRequests, writeRequests } from "../requests.ts";
import { sendAll } from "../sender.ts";
import { Serve } from "../serve.ts";

/** Spans that are sent first, and not counted: until then the receiver compiles. */
const warmingUp = 20_480;

/** From the socket to the disk: `spancost serve`, what it cannot go below, and what one would write first. */
export async function endToEndPart(
  findings: Findings,
  folder: string,
  spans: number,
): Promise<void> {
  const large = (share: number, content: boolean): CallShape => ({
    requests: Math.ceil((spans * share) / 512),
    spansPerRequest: 512,
    content,
  });
  const plain = writeRequests(folder, "plain", large(1, false));
  await serveAndLimit(findings, folder, "", plain);
  await serveAndLimit(
    findings,
    folder,
    ", with content",
    writeRequests(folder, "rich", large(0.4, true)),
  );
  const small = { requests: Math.ceil((spans * 0.4) / 8), spansPerRequest: 8, content: false };
  await serve(findings, folder, ", 8 spans a request", writeRequests(folder, "small", small));
  await naive(findings, folder, plain);
  await acknowledgement(findings, folder, plain);
}

const perSpan = "µs CPU a span";

async function serveAndLimit(
  findings: Findings,
  folder: string,
  suffix: string,
  requests: Requests,
): Promise<void> {
  await serve(findings, folder, suffix, requests);
  const database = join(folder, `limit${suffix.replace(/\W+/g, "-")}.duckdb`);
  const [child, used] = await Child.start<{ appended: number; settled: number }>(
    "bare-limit",
    requests.file,
    database,
  );
  await child.ended();
  findings.tell(`bare limit, appended${suffix}`, used.appended / requests.spans, perSpan);
  findings.tell(`bare limit, settled${suffix}`, used.settled / requests.spans, perSpan);
  // Here the database is whole in its file: the receiver's is partly still in the log.
  findings.tell(
    `bare limit, database${suffix}`,
    statSync(database).size / requests.spans,
    "bytes a span",
  );
}

async function serve(
  findings: Findings,
  folder: string,
  suffix: string,
  requests: Requests,
): Promise<void> {
  const bodies = readRequests(requests.file);
  const database = join(folder, `serve${suffix.replace(/\W+/g, "-")}.duckdb`);
  const receiver = await Serve.start(database);
  const first = warmingUp / requests.spansPerRequest;
  await sendAll(bodies.slice(0, first), { port: receiver.port });
  await receiver.caughtUp();
  const counted = bodies.slice(first);
  const spans = counted.length * requests.spansPerRequest;
  const before = receiver.cpu();
  const started = performance.now();
  await sendAll(counted, { port: receiver.port });
  const seconds = (performance.now() - started) / 1000;
  const acknowledged = receiver.cpu() - before;
  await receiver.caughtUp();
  const settled = receiver.cpu() - before;
  findings.tell(`serve, acknowledged${suffix}`, acknowledged / spans, perSpan);
  findings.tell(`serve, settled${suffix}`, settled / spans, perSpan);
  findings.tell(`serve, acknowledged in wall time${suffix}`, spans / seconds, "spans/s");
  findings.tell(`serve, peak memory${suffix}`, receiver.peakMemory() / 1e6, "MB");
  const stored = bodies.length * requests.spansPerRequest;
  const journal = folderBytes(`${database}.journal`);
  findings.tell(`serve, journal${suffix}`, journal / stored, "bytes a span");
  await receiver.stop();
}

async function naive(findings: Findings, folder: string, requests: Requests): Promise<void> {
  const bodies = readRequests(requests.file).slice(0, 80);
  const [child, port] = await Child.start<number>("naive", join(folder, "naive.duckdb"));
  await sendAll(bodies.slice(0, 20), { port });
  const before = await child.cpu();
  await sendAll(bodies.slice(20), { port });
  const spans = (bodies.length - 20) * requests.spansPerRequest;
  findings.tell("naive stack, committed", ((await child.cpu()) - before) / spans, perSpan);
  await child.stop();
}

/** How long an acknowledgement takes at a tenth of what was reached, beside what the disk takes for itself. */
async function acknowledgement(
  findings: Findings,
  folder: string,
  requests: Requests,
): Promise<void> {
  findings.tell("fdatasync of 128 KiB, median", quantile(syncTimes(folder), 0.5), "ms");
  const receiver = await Serve.start(join(folder, "paced.duckdb"));
  const bodies = readRequests(requests.file);
  const first = warmingUp / requests.spansPerRequest;
  await sendAll(bodies.slice(0, first), { port: receiver.port });
  const reached = findings.get("serve, acknowledged in wall time") ?? 20_000;
  const rate = reached / requests.spansPerRequest / 10;
  const paced = bodies.slice(first, first + Math.ceil(rate * 15));
  const latencies = await sendAll(paced, { port: receiver.port, rate });
  findings.tell("acknowledgement at a tenth of that, median", quantile(latencies, 0.5), "ms");
  findings.tell("acknowledgement at a tenth of that, 99 %", quantile(latencies, 0.99), "ms");
  await receiver.stop();
}

function syncTimes(folder: string): number[] {
  const handle = openSync(join(folder, "sync"), "w");
  const block = Buffer.alloc(128 * 1024, 7);
  const times = Array.from({ length: 100 }, () => {
    writeSync(handle, block);
    const begun = performance.now();
    fdatasyncSync(handle);
    return performance.now() - begun;
  });
  closeSync(handle);
  return times;
}

/** Of a folder without folders; 0 where there is none. */
function folderBytes(folder: string): number {
  try {
    const files = readdirSync(folder).map((name) => statSync(join(folder, name)));
    return files.reduce((sum, { size }) => sum + size, 0);
  } catch {
    return 0;
  }
}
