import { NoDataError } from "../errors.ts";
import { type ExitCode, exitCodes } from "../exit-codes.ts";
import type { Texts } from "../flags/texts.ts";
import { askedWindow } from "../flags/window.ts";
import { type Answered, pageAddress } from "../links/page-address.ts";
import { pageUrl } from "../links/page-url.ts";
import type { Io } from "../ports.ts";
import type { SourceFlags } from "../sources/open-source.ts";
import type { LinkedCommand } from "./link.ts";
import { readingCommand } from "./reading-commands.ts";
import { answerTo } from "./run-reading.ts";

/** Prints the address of the view that shows what the command would answer. @returns what the command ends with */
export async function runLink(
  command: Pick<LinkedCommand, "name">,
  texts: Texts,
  flags: SourceFlags,
  io: Io,
): Promise<ExitCode> {
  const answered =
    known(command.name, texts, io.now()) ?? (await ask(command.name, texts, flags, io));
  const address = pageAddress(command.name, texts, answered, io.now());
  const page = await pageUrl(flags);
  if (!page.isServed) {
    io.stderr.write(
      `${io.stderr.style("yellow", "!")} No receiver shows ${flags.db} now: the link works once one does (spancost serve --db ${flags.db}).\n`,
    );
  }
  io.stdout.write(`${page.url}${address}\n`);
  return exitCodes.ok;
}

/** What the address needs, where the question names all of it. */
function known(command: string, texts: Texts, now: number): Answered | undefined {
  if (command === "trace") {
    const id = texts.one("trace_id")?.toLowerCase() ?? "";
    return /^[0-9a-f]{32}$/.test(id) ? { window: null, trace_id: id } : undefined;
  }
  const { since, until } = askedWindow(texts, now);
  return since !== undefined && until !== undefined ? { window: { since, until } } : undefined;
}

/** The answer itself: what a question leaves open is what it finds. */
async function ask(name: string, texts: Texts, flags: SourceFlags, io: Io): Promise<Answered> {
  const answer = await answerTo(readingCommand(name), texts, flags, io);
  if (answer.no_data === true) throw new NoDataError(answer.warnings.join(" "));
  return answer as Answered;
}
