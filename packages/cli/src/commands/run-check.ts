import { notify, notifyUrl } from "../budgets/notify.ts";
import { CommandError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Texts } from "../flags/texts.ts";
import { zoneOf } from "../flags/time-zone.ts";
import type { Io } from "../ports.ts";
import { printAnswer, printError } from "../print.ts";
import type { Format } from "../render/formats.ts";
import type { SourceFlags } from "../sources/open-source.ts";
import { type CheckEnvelope, check } from "./check.ts";
import { answerTo } from "./run-reading.ts";

/**
 * Checks budgets, prints how it stands, and notifies somebody where it does not stand well.
 *
 * @returns what the command ends with: a notification that failed is a failure, unless a budget is breached
 */
export async function runCheck(
  url: string,
  texts: Texts,
  flags: SourceFlags,
  format: Format,
  io: Io,
): Promise<ExitCode> {
  const target = notifyUrl(url);
  const envelope = (await answerTo(check, texts, flags, io)) as CheckEnvelope;
  const code = printAnswer(envelope, format, check, io, zoneOf(texts));
  if (envelope.state !== "alert" && envelope.state !== "breach") return code;
  try {
    await notify(target, envelope);
    return code;
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    printError(error.message, io);
    return code === exitCodes.ok ? exitCodes.failure : code;
  }
}
