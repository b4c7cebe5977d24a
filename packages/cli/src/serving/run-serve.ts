import { setTimeout as delay } from "node:timers/promises";
import { type ForwardTarget, parseTargets, TargetError } from "@spancost/receiver";
import { failureOf } from "@spancost/store";
import { notifyUrl } from "../budgets/notify.ts";
import { ReceiverBudgets } from "../budgets/receiver-budgets.ts";
import { keepPolicyOf } from "../commands/archive-flags.ts";
import type { ServeFlags } from "../commands/serve.ts";
import { CommandError, UsageError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { wholeNumber } from "../flags/texts.ts";
import { instantAt } from "../flags/time.ts";
import { createLog, type Log } from "../operation/log/log.ts";
import type { Io } from "../ports.ts";
import { printWarnings } from "../print.ts";
import { openFailure, openOrFind } from "../sources/open-source.ts";
import { removeNote, writeNote } from "../sources/receiver-note.ts";
import { version } from "../version.ts";
import { traceLinkOf } from "../web-api/page/trace-link.ts";
import type { Pipeline } from "../wiring.ts";
import { accessOf } from "./access.ts";
import { environmentLines } from "./environment-lines.ts";
import { type ReceiverConfig, type RunningReceiver, startReceiver } from "./running-receiver.ts";
import { stopSignal } from "./stop-signal.ts";
import { keepYoungGenerationSmall } from "./young-generation.ts";

/**
 * Runs until it is told to stop.
 *
 * @param settingsNotices sentences about the settings
 */
export async function runServe(
  flags: ServeFlags,
  settingsNotices: readonly string[],
  io: Io,
): Promise<ExitCode> {
  keepYoungGenerationSmall();
  const { logFormat: format, logLevel: level } = flags;
  const log = createLog({ out: io.stderr, format, level, now: io.now });
  for (const notice of settingsNotices) log.warn("settings.notice", notice);
  const config = await configOf(flags, io, log);
  const notices: string[] = [];
  let isGreeted = false;
  const pipeline = await openForWriting(flags.db, (sentence) => {
    log.warn("store.notice", sentence);
    if (!isGreeted) notices.push(sentence);
  });
  const opening = openingOf(pipeline, flags.db);
  opening.catch(() => undefined);
  const stop = stopSignal(() => pipeline.store.breakOff());
  let hasRun = false;
  try {
    const receiver = await startReceiver(pipeline, config);
    try {
      leaveNote(receiver, config);
      reloadOnHangup(config);
      await Promise.race([opening, delay(greetMs, undefined, { ref: false })]);
      // Whoever reads lines as JSON gets nothing else; the first event says the same.
      if (format === "text") greet(receiver, config, notices, io);
      io.stdout.write(`${environmentLines(receiver.otlpUrl).join("\n")}\n`);
      isGreeted = true;
      log.info("receiver.started", "spans are taken", {
        version,
        db: flags.db,
        http: receiver.otlpUrl,
        grpc_port: receiver.grpcPort,
        web: receiver.url,
      });
      const refused = opening.then(() => new Promise<never>(() => undefined));
      const end = await Promise.race([stop.received, pipeline.store.broken, refused]);
      if (end instanceof Error) {
        log.failure("journal.broken", end);
        throw noLongerDurable(end);
      }
      log.info("receiver.stopping", "what has arrived is stored", { signal: end });
      hasRun = true;
      return end === "SIGINT" ? exitCodes.interrupted : exitCodes.ok;
    } finally {
      await receiver.stop();
      removeNote(flags.db, process.pid);
    }
  } finally {
    // What is not in the database by then is in the journal, and applied at the next start.
    await Promise.race([pipeline.store.caughtUp().catch(() => undefined), delay(drainMs)]);
    await pipeline.store.close({ drain: false });
    if (hasRun) log.info("receiver.stopped", "all that was taken is durable");
    log.close();
    stop.forget();
  }
}

/** Milliseconds that a receiver that stops waits for its database: whoever stops it may kill it after 10 s. */
const drainMs = 1_500;

/** Milliseconds that the greeting waits for the database, to tell what is the matter with it. */
const greetMs = 1_000;

/**
 * Resolves once the database is open, or waits for space on its disk.
 *
 * @throws why it never will be, as where something else made it: spans would be taken, and no question ever answered
 */
async function openingOf({ store }: Pipeline, db: string): Promise<void> {
  try {
    await store.opened();
  } catch (error) {
    if (failureOf(error) !== "disk") throw openFailure(db, error);
  }
}

function noLongerDurable(error: Error): CommandError {
  return new CommandError(
    `${error.message}. Nothing more is taken, for it might be lost; what was acknowledged before is kept. ` +
      "See to the disk, then start the receiver again.",
  );
}

async function configOf(flags: ServeFlags, io: Io, log: Log): Promise<ReceiverConfig> {
  const { budgets: budgetsFile, notify } = flags;
  if (notify !== undefined && budgetsFile === undefined) {
    throw new UsageError("--notify tells of budgets: name their file with --budgets.");
  }
  return {
    db: flags.db,
    http: {
      host: flags.host,
      port: wholeNumber("http-port", flags.httpPort, 0, 65_535),
      hostFlag: "host",
      portFlag: "http-port",
    },
    grpc: {
      host: flags.host,
      port: wholeNumber("grpc-port", flags.grpcPort, 0, 65_535),
      hostFlag: "host",
      portFlag: "grpc-port",
    },
    access: accessOf(flags),
    web: {
      host: flags.webHost,
      port: wholeNumber("web-port", flags.webPort, 0, 65_535),
      hostFlag: "web-host",
      portFlag: "web-port",
    },
    forwardTargets: forwardTargetsOf(flags, io),
    keep: keepPolicyOf(flags),
    archiveDir: flags.archiveDir,
    budgets: budgetsFile === undefined ? undefined : await ReceiverBudgets.read(budgetsFile),
    notifyUrl: notify === undefined ? undefined : notifyUrl(notify),
    traceLink: traceLinkOf(flags.traceLink),
    allowedHosts: [flags.webHost, ...(flags.allowHost ?? [])],
    now: io.now,
    log,
  };
}

/** @throws UsageError */
function forwardTargetsOf(flags: ServeFlags, io: Io): readonly ForwardTarget[] {
  const { forward = [], forwardHeader = [], forwardContent = [] } = flags;
  try {
    return parseTargets({ forward, header: forwardHeader, content: forwardContent }, io.env);
  } catch (error) {
    throw error instanceof TargetError ? new UsageError(error.message) : error;
  }
}

async function openForWriting(db: string, warn: (sentence: string) => void): Promise<Pipeline> {
  const opened = await openOrFind(db, { warn, journal: true });
  if ("store" in opened) return opened;
  throw new CommandError(
    `a receiver (pid ${opened.pid}) has ${db} open already, its page is ${opened.url}. ` +
      "Stop that one, or take another file with --db FILE and other ports.",
  );
}

/** SIGHUP: tokens and budgets are from then on as their files say. */
function reloadOnHangup({ access, budgets, log }: ReceiverConfig): void {
  if (access.reload === undefined && budgets === undefined) return;
  process.on("SIGHUP", () => {
    try {
      access.reload?.();
      if (access.reload !== undefined) log.info("access.reloaded", "tokens are read again");
    } catch (error) {
      log.failure("access.failed", error);
    }
    budgets?.reload().then(
      () => log.info("budgets.reloaded", "budgets are read again"),
      (error: unknown) => log.failure("budgets.failed", error),
    );
  });
}

/** Tells other commands where the receiver is. */
function leaveNote(receiver: RunningReceiver, { db, access, now }: ReceiverConfig): void {
  const { localToken: token, tls } = access;
  writeNote(db, {
    pid: process.pid,
    url: receiver.localUrl,
    otlp_url: receiver.localOtlpUrl,
    started_at: instantAt(now()),
    ...(token !== undefined && { token }),
    ...(tls !== undefined && { cert: String(tls.cert) }),
  });
}

/** Tells whoever started it what it does, and what had to be mended, which must not pass for a line of the log. */
function greet(
  receiver: RunningReceiver,
  { db, access }: ReceiverConfig,
  notices: readonly string[],
  io: Io,
): void {
  const bold = (text: string) => io.notes.style("bold", text);
  io.notes.write(
    `spancost ${version} receives OTLP at ${bold(receiver.otlpUrl)} (gRPC: ${receiver.grpcPort}) and keeps it in ${bold(db)}.\n` +
      `Page and API: ${bold(receiver.url)}\n` +
      `Set this where your services start, then see: spancost top\n` +
      (access.localToken !== undefined
        ? "Each with its token: export OTEL_EXPORTER_OTLP_HEADERS=Authorization=Bearer%20TOKEN\n\n"
        : "\n"),
  );
  if (notices.length === 0) return;
  io.stderr.write(`${io.stderr.style("bold", "Look at the database:")}\n`);
  printWarnings(
    notices.map((notice) => `${notice}.`),
    io,
  );
  io.stderr.write("\n");
}
