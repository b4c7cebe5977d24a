import { existsSync, rmSync } from "node:fs";
import { DiagLogLevel, diag } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import type { DemoFlags } from "../commands/demo.ts";
import { type ExplainEnvelope, explain } from "../commands/explain.ts";
import { hourMillis } from "../durations.ts";
import type { Row } from "../envelope/envelope.ts";
import { CommandError, UsageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { Texts } from "../flags/texts.ts";
import { instantAt, millisOf, parseInstant } from "../flags/time.ts";
import { utc } from "../flags/time-zone.ts";
import type { Io } from "../ports.ts";
import { printAnswer } from "../print.ts";
import { numberText } from "../render/cells.ts";
import type { Format } from "../render/formats.ts";
import { ProgressLine } from "../render/progress.ts";
import { stopSignal } from "../serving/stop-signal.ts";
import { createTraceReceiver } from "../serving/trace-receiver.ts";
import { demoDb, openOrFind } from "../sources/open-source.ts";
import type { Pipeline } from "../wiring.ts";
import { incidentHours } from "./company.ts";
import { demoDays, type Simulated, simulate } from "./simulate.ts";

/** Simulates, sends, stores, explains; all in this process, over HTTP on a free port. */
export async function runDemo(flags: DemoFlags, format: Format, io: Io): Promise<ExitCode> {
  const until = endOf(flags, io.now());
  const pipeline = await openFresh(flags);
  try {
    const started = performance.now();
    const simulated = await unlessStopped(flags.db, pipeline, async (stopped) => {
      const sent = await sendWeek(pipeline, until, io, stopped);
      await checkStored(pipeline, sent);
      return sent;
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    io.notes.write(
      `${numberText(simulated.spans)} spans of ${numberText(simulated.requests)} requests, sent over OTLP/HTTP ` +
        `and stored in ${flags.db}: every one arrived. (${seconds} s)\n\n`,
    );
    const world = { reader: pipeline.store, prices: pipeline.prices };
    const hours = incident(until);
    io.notes.write(`spancost explain --since ${hours.since} --until ${hours.until}\n`);
    const texts = new Texts(Object.entries(hours).map(([name, text]) => [name, [text]]));
    const answer = (await explain.prepare(texts, io.now())(world)) as ExplainEnvelope;
    const exitCode = printAnswer(answer, format, explain, io);
    if (flags.db !== ":memory:") io.notes.write(`\n${whatNext(answer)}\n`);
    return exitCode;
  } finally {
    await pipeline.store.close();
  }
}

/** The hours in which something is wrong, as somebody on call would name them. */
function incident(until: number): { readonly since: string; readonly until: string } {
  return { since: instantAt(until - incidentHours * hourMillis), until: instantAt(until) };
}

function endOf({ until }: DemoFlags, now: number): number {
  const millis = until === undefined ? now : millisOf(parseInstant(until, "until", now, utc));
  if (millis < Date.UTC(2020, 0, 1)) {
    throw new UsageError(`--until ${until} is before 2020, when no model had a price.`);
  }
  return Math.floor(millis / hourMillis) * hourMillis;
}

/** @throws CommandError where the file belongs to something else than the demo */
async function openFresh({ db, force }: DemoFlags): Promise<Pipeline> {
  if (db !== ":memory:" && existsSync(db)) {
    if (db !== demoDb && force !== true) {
      throw new CommandError(`${db} exists. Name a new file, or replace it with --force.`);
    }
    await assertFree(db);
    removeDatabase(db);
  }
  const opened = await openOrFind(db);
  if ("store" in opened) return opened;
  throw inUse(db, opened.pid);
}

function removeDatabase(db: string): void {
  for (const kept of [db, `${db}.wal`, `${db}.journal`, `${db}.snapshots`]) {
    rmSync(kept, { recursive: true, force: true });
  }
}

/**
 * Makes the week with `make`, which is to look at the signal that it is given. Where it is stopped or fails, nothing
 * is left of it: half a week would answer every question wrong, and be in the way of the next demo.
 */
async function unlessStopped(
  db: string,
  pipeline: Pipeline,
  make: (stopped: AbortSignal) => Promise<Simulated>,
): Promise<Simulated> {
  const stopping = new AbortController();
  const stop = stopSignal();
  void stop.received.then(() => stopping.abort());
  try {
    return await make(stopping.signal);
  } catch (error) {
    await pipeline.store.close();
    if (db !== ":memory:") removeDatabase(db);
    throw stopping.signal.aborted ? stoppedDemo(db) : error;
  } finally {
    stop.forget();
  }
}

function stoppedDemo(db: string): CommandError {
  const removed =
    db === ":memory:" ? "" : ` ${db} is removed, for it held a part of the week only.`;
  return new CommandError(`the demo was stopped.${removed}`, exitCodes.interrupted);
}

/** A file that a receiver has open must not be removed under it. */
async function assertFree(db: string): Promise<void> {
  const opened = await openOrFind(db);
  if (!("store" in opened)) throw inUse(db, opened.pid);
  await opened.store.close();
}

function inUse(db: string, pid: number): CommandError {
  return new CommandError(
    `${db} is in use by the receiver (pid ${pid}). Stop it, or name another file with --db.`,
  );
}

async function sendWeek(
  pipeline: Pipeline,
  until: number,
  io: Io,
  stopped: AbortSignal,
): Promise<Simulated> {
  const progress = new ProgressLine(io.notes);
  const problems: unknown[] = [];
  const traces = createTraceReceiver(pipeline, (problem) => problems.push(problem));
  const { port } = await traces.receiver.listen("127.0.0.1", 0);
  io.notes.write(
    `A synthetic company, ${demoDays} days up to ${instantAt(until)}: sending its spans to a receiver on port ${port} …\n`,
  );
  // What the exporter has to say comes as its result; it would print it as well.
  diag.setLogger({ error() {}, warn() {}, info() {}, debug() {}, verbose() {} }, DiagLogLevel.NONE);
  try {
    return await simulate(until, exporterTo(port), (spans, share) => {
      stopped.throwIfAborted();
      progress.say(
        `day ${Math.min(demoDays, Math.floor(share * demoDays) + 1)} of ${demoDays}: ${numberText(spans)} spans`,
      );
    });
  } catch (error) {
    const reason = problems[0] ?? error;
    throw new CommandError(
      `the demo could not send its spans: ${reason instanceof Error ? reason.message : String(reason)}`,
    );
  } finally {
    progress.clear();
    await traces.receiver.close();
    await traces.idle();
  }
}

function exporterTo(port: number): OTLPTraceExporter {
  return new OTLPTraceExporter({
    url: `http://127.0.0.1:${port}/v1/traces`,
    timeoutMillis: 60_000,
    headers: {},
  });
}

/** @throws CommandError where a span is missing: then the numbers would be wrong in silence */
async function checkStored({ store }: Pipeline, { spans }: Simulated): Promise<void> {
  const { rows } = await store.readRows("select count(*) as spans from spans");
  const stored = Number(rows[0]?.["spans"]);
  if (stored === spans) return;
  throw new CommandError(
    `the demo sent ${spans} spans and ${stored} are stored. This is a fault of spancost; please report it.`,
  );
}

/** Commands with what this demo made, to be typed or pasted. */
function whatNext({ findings, window }: ExplainEnvelope): string {
  const [finding] = findings;
  const [example] = (finding?.["examples"] ?? []) as readonly Row[];
  const since = window === null ? "" : ` --since ${window.since}`;
  const until = window === null ? "" : ` --until ${window.until}`;
  const commands = [
    ...(example === undefined
      ? []
      : [`spancost trace ${String(example["trace_id"]).slice(0, 12)}`]),
    `spancost report${since}${until}`,
    `spancost top --by feature,release${since}`,
    `spancost query cost-by-loop-iteration --param feature=support-agent${since}`,
    "spancost query unpriced",
    "spancost serve",
  ];
  return ["Try next:", ...commands.map((command) => `  ${command}`)].join("\n");
}
