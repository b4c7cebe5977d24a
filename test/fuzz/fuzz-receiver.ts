import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Random } from "../../packages/cli/src/demo/random.ts";
import { ReceiverProcess } from "../faults/receiver-process.ts";
import type { Finding } from "./fuzz.ts";
import { fuzzGrpc } from "./fuzz-grpc.ts";
import { type Format, Inputs } from "./inputs.ts";
import { mutateBytes } from "./mutate-bytes.ts";

/** What to do. */
export interface ReceiverOrder {
  readonly requests: number;
  readonly seed: number;
  progress?(line: string): void;
}

/** What came of it. */
export interface ReceiverReport {
  readonly requests: number;
  /** How often each status was answered. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly grpcStatuses: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  /** Growth of the process, from a tenth of the requests to their end, in megabytes. */
  readonly grownMegabytes: number;
  readonly findings: readonly Finding[];
}

/** What a sender of anything may be answered. */
const expected = new Set([200, 400, 413, 415]);
const maxMs = 1_000;
const maxGrowthMegabytes = 200;
const connections = 4;

/** Questions that have to be answered whatever was stored. */
const questions = [
  "",
  "api/top?since=2000-01-01&until=2200-01-01",
  "api/top?by=user_id,model&since=2000-01-01&until=2200-01-01&format=csv",
  "api/query?name=trust&since=2000-01-01&until=2200-01-01",
  "api/query?name=unpriced&since=2000-01-01&until=2200-01-01&format=markdown",
  `api/query?sql=${encodeURIComponent("select * from cost_records order by started_at, span_id limit 1000")}`,
  `api/query?sql=${encodeURIComponent("select * from spans order by started_at, span_id limit 1000")}`,
  "api/explain?since=2026-11-01&until=2026-11-21",
];

/** Sends mutated requests to a real receiver, and then asks it what it made of them. */
export async function fuzzReceiver(order: ReceiverOrder): Promise<ReceiverReport> {
  const folder = mkdtempSync(join(tmpdir(), "spancost-fuzz-"));
  const receiver = await ReceiverProcess.start(join(folder, "fuzz.duckdb"));
  const run = new ReceiverRun(receiver, order);
  try {
    await Promise.all(Array.from({ length: connections }, () => run.send()));
    const grpcStatuses =
      receiver.target.grpc === undefined
        ? {}
        : await fuzzGrpc(receiver.target.grpc, order, (fault, input) => run.found(fault, input));
    await run.ask();
    return { ...run.report(), grpcStatuses };
  } finally {
    await receiver.kill();
    rmSync(folder, { recursive: true });
  }
}

class ReceiverRun {
  readonly #receiver: ReceiverProcess;
  readonly #order: ReceiverOrder;
  readonly #random: Random;
  readonly #inputs: Readonly<Record<Format, Inputs>>;
  readonly #statuses = new Map<number, number>();
  readonly #findings: Finding[] = [];
  #sent = 0;
  #slowestMs = 0;
  #memory = 0;

  constructor(receiver: ReceiverProcess, order: ReceiverOrder) {
    this.#receiver = receiver;
    this.#order = order;
    this.#random = new Random(order.seed);
    this.#inputs = {
      protobuf: new Inputs("protobuf", order.seed),
      json: new Inputs("json", order.seed),
    };
  }

  async send(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (this.#sent < this.#order.requests) {
      this.#sent += 1;
      if (this.#sent === Math.ceil(this.#order.requests / 10))
        this.#memory = this.#residentMegabytes();
      if (this.#sent % 1_000 === 0) {
        this.#order.progress?.(`receiver: ${this.#sent} of ${this.#order.requests} requests`);
      }
      const format: Format = this.#random.chance(0.5) ? "protobuf" : "json";
      const { body, headers } = this.#requestOf(format, this.#inputs[format].next());
      const begun = performance.now();
      const status = await post(agent, this.#receiver.target.http, body, headers);
      const ms = performance.now() - begun;
      // Once more, or a pause of this machine's would be the input's doing.
      const again =
        ms > maxMs ? await timed(() => post(agent, this.#receiver.target.http, body, headers)) : 0;
      this.#slowestMs = Math.max(this.#slowestMs, Math.min(ms, again === 0 ? ms : again));
      if (ms > maxMs && again > maxMs) this.found(`answered after ${maxMs} ms`, body);
      this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
      if (!expected.has(status)) this.found(`status ${status} (${format})`, body);
    }
    agent.destroy();
  }

  /** The page, and answers of every form, over whatever was stored. */
  async ask(): Promise<void> {
    for (const question of questions) {
      const response = await fetch(new URL(question, `${this.#receiver.url}/`));
      const text = await response.text();
      if (!response.ok) this.found(`${response.status} for /${question}: ${text.slice(0, 200)}`);
    }
    if (this.#receiver.stderr.includes("fault in the receiver")) {
      this.found(`a fault in its log: ${this.#receiver.stderr.slice(-500)}`);
    }
  }

  found(fault: string, input: Uint8Array = new Uint8Array()): void {
    if (this.#findings.filter((finding) => finding.fault === fault).length >= 3) return;
    const base64 = Buffer.from(input).toString("base64");
    this.#findings.push({ fault, base64, bytes: input.byteLength });
  }

  report(): Omit<ReceiverReport, "grpcStatuses"> {
    const grownMegabytes = this.#residentMegabytes() - this.#memory;
    if (grownMegabytes > maxGrowthMegabytes) this.found(`grew by ${grownMegabytes} MB`);
    return {
      requests: this.#sent,
      statuses: Object.fromEntries(this.#statuses),
      slowestMs: Math.round(this.#slowestMs),
      grownMegabytes,
      findings: this.#findings,
    };
  }

  #requestOf(
    format: Format,
    input: Uint8Array,
  ): { body: Uint8Array; headers: Record<string, string> } {
    const random = this.#random;
    const type = format === "json" ? "application/json" : "application/x-protobuf";
    const headers = { "Content-Type": random.chance(0.1) ? `${type}; charset=utf-8` : type };
    if (random.chance(0.7)) return { body: input, headers };
    const zipped = gzipSync(input, { level: 1 });
    const body = random.chance(0.3) ? mutateBytes(zipped, zipped, random) : zipped;
    return { body, headers: { ...headers, "Content-Encoding": "gzip" } };
  }

  /** Of the process, as Linux counts it; 0 elsewhere. */
  #residentMegabytes(): number {
    if (process.platform !== "linux") return 0;
    const status = readFileSync(`/proc/${this.#receiver.pid}/status`, "utf8");
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  }
}

/** The answer's status; 0 where the connection broke or nothing came within 20 s. */
function post(
  agent: Agent,
  base: string,
  body: Uint8Array,
  headers: Record<string, string>,
): Promise<number> {
  return new Promise((settle) => {
    const sending = request(
      new URL("/v1/traces", base),
      { method: "POST", agent, headers, timeout: 20_000 },
      (response) => {
        response.resume();
        response.once("error", () => settle(0));
        response.once("end", () => settle(response.statusCode ?? 0));
      },
    );
    sending.once("timeout", () => sending.destroy());
    sending.once("error", () => settle(0));
    sending.end(body);
  });
}

async function timed(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return performance.now() - begun;
}
