import { behindWarnings } from "../commands/behind-warning.ts";
import { nothingStored } from "../commands/no-data.ts";
import { noRun, runNumber } from "../commands/prices-use.ts";
import type { AskedWorld, Question, ReadingCommand } from "../commands/reading-command.ts";
import type { Envelope } from "../envelope/envelope.ts";
import { NoDataError } from "../errors.ts";
import type { Texts } from "../flags/texts.ts";
import type { Reader } from "../ports.ts";

/**
 * The answer by the prices of the run that `--run` names, else of the one that was chosen for everyone. An answer
 * that is not as booked says so.
 *
 * @throws CommandError where there is no such run
 */
export async function answerAsOf(
  command: Pick<ReadingCommand, "needsStore">,
  texts: Texts,
  question: Question,
  world: AskedWorld,
): Promise<Envelope> {
  if (!command.needsStore(texts)) return question(world);
  const run = await runToRead(texts.one("run"), world.reader);
  const answer = await question(worldAsOf(run, world)).catch(async (error: unknown) => {
    if (!(error instanceof NoDataError)) throw error;
    const late = behindWarnings(await world.reader.behind?.());
    throw new NoDataError([error.message, ...late].join(" "));
  });
  // Rows of a copy say themselves what is not in them.
  const behind = "as_of" in answer ? undefined : await world.reader.behind?.();
  const late = behindWarnings(behind);
  // After those of the answer, the first of which says why there is no baseline.
  const known = answer.warnings.filter((warning) => warning !== nothingStored);
  const envelope = late.length === 0 ? answer : { ...answer, warnings: [...known, ...late] };
  return run === 0 ? envelope : { ...envelope, pricing_run: run };
}

async function runToRead(text: string | undefined, reader: Reader): Promise<number> {
  const asked = text === undefined ? undefined : runNumber(text);
  const { rows } = await reader.readRows(
    `select
        coalesce(getvariable('asked_run')::integer, chosen_pricing_run(), 0) as run,
        run = 0 or exists (from pricing_runs where run_id = run) as is_there`,
    { asked_run: asked === undefined ? undefined : String(asked) },
  );
  if (asked !== undefined && rows[0]?.["is_there"] === false) throw noRun(asked);
  return Number(rows[0]?.["run"] ?? 0);
}

/** The run is settled here: one that is chosen for everyone in the middle of an answer does not change it. */
function worldAsOf(run: number, world: AskedWorld): AskedWorld {
  const { reader, sandbox } = world;
  const pricing_run = String(run);
  return {
    ...world,
    reader: { readRows: (sql, variables) => reader.readRows(sql, { ...variables, pricing_run }) },
    ...(sandbox !== undefined && {
      sandbox: { ask: (sql, variables) => sandbox.ask(sql, { ...variables, pricing_run }) },
    }),
  };
}
