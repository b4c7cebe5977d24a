// node --conditions=spancost-source test/faults/ready.ts [--megabytes 1024] [--rounds 5]: how long it takes from the start
// of a receiver, and from its start after a kill, until a span is acknowledged, with that much journal still to be applied.
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { createPriceBook } from "@spancost/pricing";
import { decodeRequest, ProtobufDecoder } from "@spancost/receiver";
import { type SpanFacts, toSpanFacts } from "@spancost/records";
import { keepAttribute } from "@spancost/semconv";
import { Journal } from "../../packages/store/src/journal/journal.ts";
import { modelCalls } from "../bench/model-calls.ts";
import { Calls } from "./load/calls.ts";
import { Exporter } from "./load/sending.ts";
import { ReceiverProcess } from "./receiver-process.ts";

const { values } = parseArgs({
  options: {
    megabytes: { type: "string", default: "1024" },
    rounds: { type: "string", default: "5" },
  },
});
const [megabytes, rounds] = [Number(values.megabytes), Number(values.rounds)];
const folder = mkdtempSync(join(tmpdir(), "spancost-ready-"));
const db = join(folder, "costs.duckdb");
const exporter = new Exporter();
let sent = 0;
try {
  tell("start, nothing there yet", await timesOf(3, () => freshDatabase()));
  await writeJournal();
  tell(`start, ${megabytesOf()} MB of journal to apply`, [await startAndKill(0)]);
  // Each is killed while it applies.
  tell("start after a kill", await timesOf(rounds, (nth) => startAndKill(1_000 * (nth + 1))));
} finally {
  exporter.close();
  rmSync(folder, { recursive: true, force: true });
}

/** Milliseconds from the start to the first span that is acknowledged. */
async function startAndKill(livesMs: number, file = db): Promise<number> {
  const begun = performance.now();
  const receiver = await ReceiverProcess.start(file);
  const listening = performance.now();
  sent += 1;
  const request = new Calls(1, Date.now()).request([sent]);
  const outcome = await exporter.send(receiver.target, request, { format: "protobuf", gzip: true });
  if (outcome.kind !== "acked") throw new Error(`not acknowledged: ${JSON.stringify(outcome)}`);
  const ms = performance.now() - begun;
  console.log(
    `  listens after ${Math.round(listening - begun)} ms, acknowledges after ${Math.round(ms)} ms`,
  );
  await delay(livesMs);
  await receiver.kill();
  return ms;
}

async function freshDatabase(): Promise<number> {
  const fresh = mkdtempSync(join(folder, "fresh-"));
  return startAndKill(200, join(fresh, "costs.duckdb"));
}

async function timesOf(count: number, act: (nth: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  for (let nth = 0; nth < count; nth++) times.push(await act(nth));
  return times;
}

/** As a receiver leaves it that is killed: the newest segment has no end. */
async function writeJournal(): Promise<void> {
  const prices = createPriceBook();
  const decoder = new ProtobufDecoder({ keepAttribute, read: (span) => toSpanFacts(span, prices) });
  const shape = { requests: 8, spansPerRequest: 512, content: false };
  const facts = [...modelCalls(shape)].flatMap(
    (body) => decodeRequest(decoder, body).spans,
  ) as SpanFacts[];
  const nothing = { written() {}, closed() {}, broken() {} };
  const journal = await Journal.open(`${db}.journal`, nothing);
  for (let round = 0; megabytesOf() < megabytes; round++) {
    const digits = round.toString(16).padStart(8, "0");
    const again = facts.map((each) => ({
      ...each,
      traceId: digits + each.traceId.slice(8),
      spanId: digits + each.spanId.slice(8),
      ...(each.parentSpanId !== undefined && { parentSpanId: digits + each.parentSpanId.slice(8) }),
    }));
    await journal.append(again as SpanFacts[]);
  }
}

function megabytesOf(): number {
  const journal = `${db}.journal`;
  const sizes = readdirSync(journal).map((name) => statSync(join(journal, name)).size);
  return Math.round(sizes.reduce((sum, size) => sum + size, 0) / 2 ** 20);
}

function tell(what: string, times: readonly number[]): void {
  const sorted = times.toSorted((a, b) => a - b);
  const middle = Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0);
  console.log(`${what}: median ${middle} ms, longest ${Math.round(sorted.at(-1) ?? 0)} ms`);
}
