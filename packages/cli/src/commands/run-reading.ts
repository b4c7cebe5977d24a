import { createPriceBook } from "@spancost/pricing";
import type { ExitCode } from "../exit-codes.ts";
import type { Texts } from "../flags/texts.ts";
import type { Io } from "../ports.ts";
import { printAnswer } from "../print.ts";
import type { Format } from "../render/formats.ts";
import { openSource, type SourceFlags } from "../sources/open-source.ts";
import type { ReadingCommand } from "./reading-command.ts";

/** Asks a question and prints the answer. @returns what the command ends with */
export async function runReading(
  command: ReadingCommand,
  texts: Texts,
  flags: SourceFlags,
  format: Format,
  io: Io,
): Promise<ExitCode> {
  const question = command.prepare(texts, io.now());
  if (!command.needsStore(texts)) {
    const reader = { readRows: () => Promise.reject(new Error(`${command.name} reads no store`)) };
    return printAnswer(await question({ reader, prices: createPriceBook() }), format, command, io);
  }
  const source = await openSource(flags, io);
  try {
    return printAnswer(await source.answer(command, texts, question), format, command, io);
  } finally {
    await source.close();
  }
}
