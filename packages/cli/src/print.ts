import type { ReadingCommand } from "./commands/reading-command.ts";
import type { Envelope } from "./envelope/envelope.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { type TimeZone, utc } from "./flags/time-zone.ts";
import { windowText } from "./flags/window.ts";
import type { Io } from "./ports.ts";
import { type Format, render, saysAll } from "./render/formats.ts";
import type { Page } from "./render/table.ts";
import { harmless, harmlessLines } from "./render/text-width.ts";

/** Prints an answer: data to stdout, words to stderr. @returns what the command ends with */
export function printAnswer(
  envelope: Envelope,
  format: Format,
  command: Pick<ReadingCommand, "table" | "markdown" | "tellsWindow">,
  io: Io,
  zone: TimeZone = utc,
): ExitCode {
  const { window, warnings } = envelope;
  const isTold =
    saysAll(format) ||
    (format === "table" && command.tellsWindow === true && envelope.no_data !== true);
  if (!isTold && window !== null) {
    io.notes.write(`${io.notes.style("dim", `Window: ${windowText(window, zone)}`)}\n`);
  }
  if (!saysAll(format) && envelope.pricing_run !== undefined) {
    io.stderr.write(`${io.stderr.style("dim", `Prices: as of run ${envelope.pricing_run}`)}\n`);
  }
  io.stdout.write(render(envelope, format, command, pageFor(io, zone)));
  if (!saysAll(format)) printWarnings(warnings, io);
  if (envelope.no_data === true) return exitCodes.noData;
  return envelope.breached === true ? exitCodes.breached : exitCodes.ok;
}

/** Says what went wrong. It may quote files, and answers of others. */
export function printError(
  message: string,
  { stderr, pasteable }: Pick<Io, "stderr" | "pasteable">,
): void {
  stderr.write(`${stderr.style("red", "spancost:")} ${harmlessLines(pasteable(message))}\n`);
}

/** They name models and services, which are called what somebody's spans call them. */
export function printWarnings(warnings: readonly string[], { stderr, pasteable }: Io): void {
  for (const warning of warnings) {
    stderr.write(`${stderr.style("yellow", "!")} ${harmless(pasteable(warning))}\n`);
  }
}

/** A terminal has its width; what goes into a file or a pipe is not cut. */
function pageFor({ stdout, pasteable }: Io, zone: TimeZone): Page {
  const width = stdout.isTTY ? (stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  return { width, zone, pasteable, style: (format, text) => stdout.style(format, text) };
}
