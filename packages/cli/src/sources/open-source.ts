import { existsSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { StoreInUseError, type StoreOptions } from "@spancost/store";
import { CommandError, UsageError } from "../errors.ts";
import type { Io } from "../ports.ts";
import { printWarnings } from "../print.ts";
import { shellWord } from "../shell-word.ts";
import { sizeText } from "../size-text.ts";
import { Pipeline } from "../wiring.ts";
import { LocalSource } from "./local.ts";
import { makeOwnCopy, mayOnlyRead } from "./own-copy.ts";
import { type ReceiverNote, runningReceiver } from "./receiver-note.ts";
import { RemoteSource } from "./remote.ts";
import type { Source } from "./source.ts";

/** `--db` and `--url` as they were given, by flag, environment or default. */
export interface SourceFlags {
  readonly db: string;
  readonly url: string | undefined;
  /** Which of the two was typed, if any. */
  readonly typed: readonly ("db" | "url")[];
  /** Which of the two the environment gives, if any. */
  readonly inEnvironment: readonly ("db" | "url")[];
}

/** What a command does with a source other than reading it. */
export interface SourceUse {
  /** It makes a file that is not there. */
  readonly make?: boolean | undefined;
  /** It changes what is stored. */
  readonly changes?: boolean;
}

/** The file that is used where none is named: in the current folder, as the receiver makes it. */
export const defaultDb = "spancost.duckdb";

/** The file that the demo makes, and may make again. */
export const demoDb = "spancost-demo.duckdb";

/**
 * What answers a reading command: the receiver at `--url`, or the file of `--db`; where a receiver has that
 * open, that receiver.
 *
 * @throws UsageError, CommandError
 */
export async function openSource(
  flags: SourceFlags,
  io: Io,
  { make = false, changes = false }: SourceUse = {},
): Promise<Source> {
  const url = chosenUrl(flags);
  if (url !== undefined) return new RemoteSource(url, io);
  if (flags.db !== ":memory:" && !existsSync(flags.db)) {
    if (!make) throw noFile(flags.db);
    // In another folder than the receiver's, nobody would ever read it.
    io.notes.write(`There was no database ${flags.db}: it is made.\n`);
  }
  const isCopied = !changes && mayOnlyRead(flags.db);
  const opened = isCopied
    ? ((await runningReceiver(flags.db)) ?? (await openCopy(flags.db, io)))
    : await openOrFind(flags.db, warningsTo(io));
  if (opened instanceof LocalSource) return opened;
  if ("store" in opened) return new LocalSource(opened);
  io.notes.write(
    `${flags.db} is in use by the receiver (pid ${opened.pid}): asking it at ${opened.url}.\n`,
  );
  return new RemoteSource(opened.url, io, opened);
}

/**
 * Answers for a database that may only be read from a copy, which goes when the source is closed. Opening brings a
 * database up to date (its schema, what waits in its journal, what came in since it was settled), so that an answer
 * from the file as it lies there would be another one.
 */
async function openCopy(file: string, io: Io): Promise<LocalSource> {
  const copy = await makeOwnCopy(file);
  io.notes.write(
    `${file} may only be read here: asking a copy of it (${sizeText(copy.bytes)}) that is brought up to date.\n`,
  );
  const { warn } = warningsTo(io);
  try {
    const pipeline = await Pipeline.open(copy.file, {
      warn: (sentence) => warn?.(`in the copy that is asked, ${sentence}`),
    });
    return new LocalSource(pipeline, copy.remove);
  } catch (error) {
    copy.remove();
    throw openFailure(file, error, copy.file);
  }
}

/**
 * The address that is asked, where one is. What was typed goes before what the environment says.
 *
 * @throws UsageError
 */
export function chosenUrl({ url, typed, inEnvironment }: SourceFlags): string | undefined {
  if (typed.length === 2) {
    throw new UsageError(
      "--db and --url exclude each other: a file is read, or a receiver is asked.",
    );
  }
  if (typed.length === 0 && inEnvironment.length === 2) {
    throw new UsageError(
      "SPANCOST_DB and SPANCOST_URL are both set: say which is meant with --db FILE or --url URL.",
    );
  }
  const meant = typed.length === 0 ? inEnvironment : typed;
  return meant.includes("db") ? undefined : url;
}

/** What had to be mended in a database is told on stderr. */
export function warningsTo(io: Io): StoreOptions {
  return {
    warn: (sentence) => printWarnings([`${sentence}.`], io),
  };
}

/** Waits between tries for a file that another command has open, which takes moments. */
const pauses = [100, 200, 400, 800, 1500];

/**
 * Opens `file`, or finds the receiver that has it open.
 *
 * @throws CommandError where something else has it open for longer, or where it is no database
 */
export async function openOrFind(
  file: string,
  options: StoreOptions = {},
): Promise<Pipeline | ReceiverNote> {
  if (mayOnlyRead(file)) {
    const receiver = await runningReceiver(file);
    if (receiver !== undefined) return receiver;
    throw onlyReadable(file);
  }
  for (const pause of [...pauses, undefined]) {
    try {
      return await Pipeline.open(file, options);
    } catch (error) {
      if (!(error instanceof StoreInUseError)) throw openFailure(file, error);
    }
    const receiver = await runningReceiver(file);
    if (receiver !== undefined) return receiver;
    if (pause !== undefined) await delay(pause);
  }
  throw inUse(file);
}

function inUse(file: string): CommandError {
  return new CommandError(
    `${file} is in use by another program, and no receiver of spancost answers for it. ` +
      "End that program (duckdb, or another spancost command), or ask a receiver with --url URL.",
  );
}

/** Who wants to change something changes a copy of their own. */
function onlyReadable(file: string): CommandError {
  return new CommandError(
    `${file} may only be read by this user, or in its folder nothing may be written. Work on a copy of your own ` +
      `(spancost snapshot copy.duckdb --db ${shellWord(file)}, then --db copy.duckdb), ` +
      "or have its receiver do it with --url URL.",
  );
}

function noFile(file: string): CommandError {
  if (file === defaultDb && existsSync(demoDb)) {
    return new CommandError(`there is no database ${file}. To ask the demo's: --db ${demoDb}.`);
  }
  return new CommandError(
    `there is no database ${file}. Start a receiver that makes one (spancost serve --db ${shellWord(file)}), ` +
      `read a file of traces into it (spancost ingest --db ${shellWord(file)} FILE), or name another one with --db.`,
  );
}

/**
 * What a person is told of a database that could not be opened.
 *
 * @param opened the path under which it was opened, where that is another one
 */
export function openFailure(file: string, error: unknown, opened = file): unknown {
  if (error instanceof StoreInUseError) return inUse(file);
  if (!(error instanceof Error) || !/^(IO|Serialization|Invalid\w*) Error/.test(error.message))
    return error;
  const [reason = ""] = error.message.replaceAll(opened, file).split("\n");
  const sentence = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  return new CommandError(`${file} cannot be opened. ${sentence} Name another file with --db.`);
}
