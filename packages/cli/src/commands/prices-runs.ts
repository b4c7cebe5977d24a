import type { Command } from "commander";
import { schemaOf } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import { runsTable } from "../render/prices-runs.ts";
import { pricesCommand } from "./prices-command.ts";
import type { ReadingCommand } from "./reading-command.ts";

/** Run 0 is what was booked when spans arrived. */
const runsSql = `
select
    run_id,
    run_id = coalesce(chosen_pricing_run(), 0) as read_by_default,
    made_at, catalogue, contract_id, since, until, spans,
    case run_id
        when 0 then (select sum(cost_usd) from calls)
        else (
            select sum(r.run_cost_usd) from repriced_records r
            where r.pricing_run = runs.run_id
        )
    end as cost_usd
from (
    from pricing_runs
    union all by name
    select 0 as run_id
) runs
order by run_id`;

/** `spancost prices runs`: what was booked, and every re-pricing beside it. */
export const pricesRuns: ReadingCommand = {
  name: "prices-runs",
  takes: [],
  needsStore: () => true,

  define(program: Command): Command {
    return pricesCommand(program)
      .command("runs")
      .description("the re-pricings there are, and which of them everyone reads");
  },

  prepare:
    () =>
    async ({ reader }) => ({
      schema: schemaOf("prices-runs"),
      window: null,
      rows: toRows(await reader.readRows(runsSql)),
      warnings: [],
    }),

  table: (envelope, page) => runsTable(envelope.rows, page),
};
