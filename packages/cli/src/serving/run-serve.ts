import type { ServeFlags } from "../commands/serve.ts";
import { CommandError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import { wholeNumber } from "../flags/texts.ts";
import { instantAt } from "../flags/time.ts";
import type { Io } from "../ports.ts";
import { defaultDb, openOrFind } from "../sources/open-source.ts";
import { removeNote, writeNote } from "../sources/receiver-note.ts";
import { version } from "../version.ts";
import type { Pipeline } from "../wiring.ts";
import { environmentLines } from "./environment-lines.ts";
import { type ReceiverConfig, type RunningReceiver, startReceiver } from "./running-receiver.ts";
import { stopSignal } from "./stop-signal.ts";

/** Runs until it is told to stop. */
export async function runServe(flags: ServeFlags, io: Io): Promise<ExitCode> {
  const config = configOf(flags, io);
  const pipeline = await openForWriting(flags.db);
  const stop = stopSignal();
  try {
    const receiver = await startReceiver(pipeline, config);
    try {
      announce(receiver, flags.db, io);
      const signal = await stop.received;
      io.stderr.write(`${signal}: storing what has arrived …\n`);
      return signal === "SIGINT" ? exitCodes.interrupted : exitCodes.ok;
    } finally {
      await receiver.stop();
      removeNote(flags.db, process.pid);
    }
  } finally {
    await pipeline.store.close();
    stop.forget();
  }
}

function configOf(flags: ServeFlags, io: Io): ReceiverConfig {
  return {
    db: flags.db,
    http: {
      host: flags.host,
      port: wholeNumber("http-port", flags.httpPort, 0, 65_535),
      hostFlag: "host",
      portFlag: "http-port",
    },
    web: {
      host: flags.webHost,
      port: wholeNumber("web-port", flags.webPort, 0, 65_535),
      hostFlag: "web-host",
      portFlag: "web-port",
    },
    allowedHosts: [flags.webHost, ...(flags.allowHost ?? [])],
    now: io.now,
    log(problem) {
      const reason = problem instanceof Error ? problem.message : String(problem);
      io.stderr.write(`${instantAt(io.now())} ${io.stderr.style("red", "error")} ${reason}\n`);
    },
  };
}

async function openForWriting(db: string): Promise<Pipeline> {
  const opened = await openOrFind(db);
  if ("store" in opened) return opened;
  throw new CommandError(
    `a receiver (pid ${opened.pid}) has ${db} open already, its page is ${opened.url}. ` +
      "Stop that one, or take another file with --db FILE and other ports.",
  );
}

/** Tells other commands, and whoever started it, where the receiver is. */
function announce(receiver: RunningReceiver, db: string, io: Io): void {
  writeNote(db, {
    pid: process.pid,
    url: receiver.localUrl,
    otlp_url: receiver.localOtlpUrl,
    started_at: instantAt(io.now()),
  });
  const bold = (text: string) => io.stderr.style("bold", text);
  const ask = db === defaultDb ? "spancost top" : `spancost top --db ${db}`;
  io.stderr.write(
    `spancost ${version} receives OTLP/HTTP at ${bold(receiver.otlpUrl)} and keeps it in ${bold(db)}.\n` +
      `Page and API: ${bold(receiver.url)}\n` +
      `Set this where your services start, then see: ${ask}\n\n`,
  );
  io.stdout.write(`${environmentLines(receiver.otlpUrl).join("\n")}\n`);
}
