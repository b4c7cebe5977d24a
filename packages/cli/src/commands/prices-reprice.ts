import { readQueryFile } from "@spancost/store";
import type { Command } from "commander";
import { type Cell, type Envelope, type Row, schemaOf } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import { withFile } from "../flags/flag-files.ts";
import type { Texts } from "../flags/texts.ts";
import { askedWindow, resolveWindow } from "../flags/window.ts";
import type { Reader, RepricedRun } from "../ports.ts";
import { repricedTable } from "../render/prices-reprice.ts";
import { noDataWarning } from "./no-data.ts";
import { pricesCommand } from "./prices-command.ts";
import type { WritingCommand } from "./reading-command.ts";

/** Answer of `spancost prices reprice`: a row per day and model whose cost the run changes. */
export type RepriceEnvelope = Envelope & {
  readonly run: number | null;
  readonly catalogue: string;
  readonly contract_id: string | null;
  /** Priced anew. */
  readonly spans: number;
  /** Sums over all calls that the run saw, those whose cost stays as it was included. */
  readonly total: Row;
};

/** `spancost prices reprice`: today's prices for what is stored, beside what was booked. */
export const pricesReprice: WritingCommand = {
  name: "prices-reprice",
  takes: ["since", "until", "contract", "contract-text"],

  define(program: Command): Command {
    return pricesCommand(program)
      .command("reprice")
      .description(
        "price what is stored anew, as a run beside what was booked, and show what differs",
      )
      .option("--contract <file>", "try this contract file instead of the one that is loaded")
      .addHelpText(
        "after",
        "\nNothing is overwritten. Read a run with --run N on any command; make it what everyone reads with\n" +
          "spancost prices use N.\n\nExamples:\n  spancost prices reprice --since 2026-11-01\n" +
          "  spancost prices reprice --contract offer.yaml",
      );
  },

  read: (texts, io) => withFile(texts, "contract", "contract-text", io),

  prepare(texts: Texts, now: number) {
    const asked = askedWindow(texts, now);
    const [fileName, text] = [texts.one("contract"), texts.one("contract-text")];
    const contract = fileName === undefined || text === undefined ? undefined : { fileName, text };
    return async ({ reader, desk }) => {
      const window = await resolveWindow(reader, asked);
      const run = await desk.reprice({ ...asked, contract });
      return answer(reader, run, window ?? null);
    };
  },

  table: (envelope, page) => repricedTable(envelope as RepriceEnvelope, page),
};

const totalSql = `
select
    count(*) as calls,
    sum(cost_usd) as booked_cost_usd,
    sum(run_cost_usd) as cost_usd,
    coalesce(sum(run_cost_usd), 0) - coalesce(sum(cost_usd), 0) as delta_usd,
    count(*) filter (cost_usd is null and run_cost_usd is not null) as newly_priced_calls,
    count(*) filter (cost_usd is not null and run_cost_usd is null) as no_longer_priced_calls,
    count(*) filter (run_cost_usd is null) as unpriced_calls
from repriced_records
where pricing_run = getvariable('run')::integer
    and (record_kind = 'model' or cost_usd is not null or run_cost_usd is not null)`;

async function answer(
  reader: Reader,
  run: RepricedRun,
  window: Envelope["window"],
): Promise<RepriceEnvelope> {
  const variables = { run: String(run.runId) };
  const sql = readQueryFile("repricing-by-model-and-day").sql;
  const all = toRows(await reader.readRows(sql, variables));
  const [total = {}] = toRows(await reader.readRows(totalSql, variables));
  const base = {
    schema: schemaOf("prices-reprice"),
    window,
    run: run.runId,
    catalogue: run.catalogue,
    contract_id: run.contractId ?? null,
    spans: run.spans,
    total,
  };
  if (all.length === 0) {
    const warnings = [await noDataWarning(reader, window ?? undefined, [])];
    return { ...base, rows: [], warnings, no_data: true };
  }
  return { ...base, rows: all.filter(changes), warnings: [] };
}

/** Days and models that cost what they cost before are no news. */
function changes(row: Row): boolean {
  const some = (value: Cell | undefined) => Number(value) !== 0;
  return (
    some(row["delta_usd"]) || some(row["newly_priced_calls"]) || some(row["no_longer_priced_calls"])
  );
}
