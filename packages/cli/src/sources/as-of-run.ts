import { noRun, runNumber } from "../commands/prices-use.ts";
import type { Question } from "../commands/reading-command.ts";
import type { Envelope } from "../envelope/envelope.ts";
import type { Texts } from "../flags/texts.ts";
import type { Reader, World } from "../ports.ts";

/**
 * The answer by the prices of the run that `--run` names, else of the one that was chosen for everyone. An answer
 * that is not as booked says so.
 *
 * @throws CommandError where there is no such run
 */
export async function answerAsOf<Asked extends World>(
  texts: Texts,
  question: (world: Asked) => ReturnType<Question>,
  world: Asked,
): Promise<Envelope> {
  const reader = await readerAsOf(texts, world.reader);
  const envelope = await question({ ...world, reader });
  const { rows } = await reader.readRows(
    "select coalesce(getvariable('pricing_run')::integer, chosen_pricing_run(), 0) as pricing_run",
  );
  const run = Number(rows[0]?.["pricing_run"] ?? 0);
  return run === 0 ? envelope : { ...envelope, pricing_run: run };
}

async function readerAsOf(texts: Texts, reader: Reader): Promise<Reader> {
  const asked = texts.one("run");
  if (asked === undefined) return reader;
  const run = runNumber(asked);
  const { rows } = await reader.readRows(
    "select 1 from pricing_runs where run_id = getvariable('pricing_run')::integer",
    { pricing_run: String(run) },
  );
  if (run !== 0 && rows.length === 0) throw noRun(run);
  return {
    readRows: (sql, variables) => reader.readRows(sql, { ...variables, pricing_run: String(run) }),
  };
}
