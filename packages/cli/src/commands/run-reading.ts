import { existsSync } from "node:fs";
import { createPriceBook } from "@spancost/pricing";
import type { Envelope } from "../envelope/envelope.ts";
import type { ExitCode } from "../exit-codes.ts";
import type { Texts } from "../flags/texts.ts";
import { zoneOf } from "../flags/time-zone.ts";
import type { Io, WritableWorld } from "../ports.ts";
import { printAnswer } from "../print.ts";
import type { Format } from "../render/formats.ts";
import { waiting } from "../render/waiting.ts";
import { openSource, type SourceFlags } from "../sources/open-source.ts";
import type { ReadingCommand, WritingCommand } from "./reading-command.ts";

/** Asks a question and prints the answer. @returns what the command ends with */
export async function runReading(
  command: ReadingCommand,
  asked: Texts,
  flags: SourceFlags,
  format: Format,
  io: Io,
): Promise<ExitCode> {
  const zone = zoneOf(asked);
  return printAnswer(await answerTo(command, asked, flags, io), format, command, io, zone);
}

/** Asks a question of the database or receiver that the flags mean. */
export async function answerTo(
  command: ReadingCommand,
  asked: Texts,
  flags: SourceFlags,
  io: Io,
): Promise<Envelope> {
  const texts = (await command.read?.(asked, io)) ?? asked;
  const question = command.prepare(texts, io.now());
  const asksStore = command.needsStore(texts) || (command.asksContract && isThere(flags));
  if (!asksStore) return question(worldWithoutStore(command.name));
  const source = await openSource(flags, io);
  try {
    return await waiting(io.notes, "reading", source.answer(command, texts, question));
  } finally {
    await source.close();
  }
}

/** Today's list prices, and a failure for what would read or change a store. */
function worldWithoutStore(command: string): WritableWorld {
  const fail = () => Promise.reject(new Error(`${command} uses no store`));
  return {
    reader: { readRows: fail },
    prices: createPriceBook(),
    desk: { loadContract: fail, reprice: fail, choosePricingRun: fail },
  };
}

/** A database was named, or is where one is looked for. */
function isThere({ db, url, typed }: SourceFlags): boolean {
  return url !== undefined || typed.length > 0 || existsSync(db);
}

/** Changes something, here or at the receiver that has the file, and prints what came of it. */
export async function runWriting(
  command: WritingCommand,
  asked: Texts,
  flags: SourceFlags,
  format: Format,
  io: Io,
): Promise<ExitCode> {
  const zone = zoneOf(asked);
  const texts = (await command.read?.(asked, io)) ?? asked;
  const act = command.prepare(texts, io.now());
  if (command.needsStore?.(texts) === false) {
    const envelope = await act(worldWithoutStore(command.name));
    return printAnswer(envelope, format, command, io, zone);
  }
  const source = await openSource(flags, io, { make: command.makesStore, changes: true });
  try {
    const envelope = await source.write(command, texts, act);
    return printAnswer(envelope, format, command, io, zone);
  } finally {
    await source.close();
  }
}
