import { existsSync } from "node:fs";
import { type BudgetState, type BudgetStatus, checkBudgets, periodAt } from "@spancost/analysis";
import { type Command, Option } from "commander";
import { type BudgetsText, budgetsOf, defaultBudgetsFile } from "../budgets/budgets-file.ts";
import { type Envelope, schemaOf } from "../envelope/envelope.ts";
import { NoDataError, UsageError } from "../errors.ts";
import { withFile } from "../flags/flag-files.ts";
import type { Texts } from "../flags/texts.ts";
import { instantAt, millisOf, parseInstant } from "../flags/time.ts";
import { zoneOf } from "../flags/time-zone.ts";
import type { Reader } from "../ports.ts";
import { checkTable } from "../render/check.ts";
import { budgetRow, spikeRow } from "./check-rows.ts";
import { segmentText } from "./explain-rows.ts";
import type { ReadingCommand } from "./reading-command.ts";
import { recordsAsOf } from "./records-as-of.ts";
import { segmentQueries, segmentSql } from "./segment-queries.ts";

/** Answer of `spancost check`: a row per budget, or per value where each has one, and one for a spike. */
export type CheckEnvelope = Envelope & {
  /** When it was so, RFC 3339. */
  readonly at: string;
  /** The worst of all rows. */
  readonly state: BudgetState;
};

const failures = ["breach", "alert"] as const;

/** `spancost check`: how it stands with budgets; breached ones make it end with 4. */
export const check: ReadingCommand = {
  name: "check",
  takes: ["budgets", "budgets-text", "at", "fail-on", "run"],
  needsStore: () => true,

  define(program: Command): Command {
    return program
      .command("check")
      .description(
        "how it stands with budgets: spent, forecast, unit costs; ends with 4 when one is breached",
      )
      .addOption(
        new Option(
          "--budgets <file>",
          `a file of budgets, or - for standard input (default: ${defaultBudgetsFile}, else those of the receiver)`,
        ).env("SPANCOST_BUDGETS"),
      )
      .option("--at <time>", "how it stood at this time (default: now)")
      .addOption(
        new Option("--fail-on <state>", "end with 4 from this state on (default: breach)").choices(
          failures,
        ),
      )
      .option("--notify <url>", "POST the answer there when a budget is breached or close to it")
      .addHelpText(
        "after",
        `\nExamples:\n  spancost check --budgets ${defaultBudgetsFile}\n` +
          "  spancost check --url http://costs:4319 --fail-on alert --notify https://hooks.example/costs\n\nWhat a file of budgets looks like: docs/budgets.md.",
      );
  },

  async read(texts, io) {
    const isNamed = texts.one("budgets") !== undefined;
    if (!isNamed && !existsSync(defaultBudgetsFile)) return texts;
    const asked = isNamed ? texts : texts.with([["budgets", [defaultBudgetsFile]]]);
    const read = await withFile(asked, "budgets", "budgets-text", io);
    // What is wrong with a file is told before anything is opened or asked.
    const text = textOf(read);
    if (text !== undefined) await budgetsOf(text);
    return read;
  },

  prepare(texts: Texts, now: number) {
    const given = textOf(texts);
    const millis = momentOf(texts, now);
    const least = failures.find((state) => state === texts.one("fail-on")) ?? failures[0];
    return async ({ reader, budgets: known }) => {
      const budgets = given ?? known;
      if (budgets === undefined) throw noBudgets();
      return answer(reader, budgets, millis, least);
    };
  },

  table: (envelope, page) => checkTable(envelope as CheckEnvelope, page),
};

/** By how much the clock of who asks may be ahead of that of who answers. */
const aheadMillis = 60_000;

/** @throws NoDataError for a time that is still to come: nothing is spent by then, whatever will be */
function momentOf(texts: Texts, now: number): number {
  const text = texts.one("at");
  if (text === undefined) return now;
  const at = millisOf(parseInstant(text, "at", now, zoneOf(texts)));
  if (at <= now + aheadMillis) return at;
  throw new NoDataError(
    `--at ${instantAt(at)} is in the future: it is ${instantAt(Math.floor(now / 1000) * 1000)} now. What will be spent by the end of a period is its forecast now.`,
  );
}

function textOf(texts: Texts): BudgetsText | undefined {
  const text = texts.one("budgets-text");
  return text === undefined ? undefined : { text, fileName: texts.one("budgets") ?? "budgets" };
}

function noBudgets(): UsageError {
  return new UsageError(
    `there are no budgets. Name a file of them with --budgets, or write ${defaultBudgetsFile}, such as\n\n` +
      "budgets:\n  - {name: everything, period: day, limit: 100}",
  );
}

async function answer(
  reader: Reader,
  text: BudgetsText,
  now: number,
  least: (typeof failures)[number],
): Promise<CheckEnvelope> {
  const budgets = await budgetsOf(text);
  const base = { schema: schemaOf("check"), window: null, at: instantAt(now) } as const;
  const records = await recordsAsOf(reader, now);
  const { noRecord } = records;
  const isAllUnknown = budgets.budgets.every(
    ({ period }) => Date.parse(periodAt(period, now).since) > records.end,
  );
  if (noRecord !== undefined && isAllUnknown) {
    return { ...base, state: "unknown", rows: [], warnings: [noRecord], no_data: true };
  }
  const { statuses, untold, spike, state } = await checkBudgets(segmentQueries(reader), budgets, {
    now,
    recordsEnd: records.end,
  });
  const rows = [...statuses.map(budgetRow), ...(spike === undefined ? [] : [spikeRow(spike, now)])];
  const isBreached = state === "breach" || (least === "alert" && state === "alert");
  const warnings = [
    ...(noRecord === undefined ? [] : [noRecord]),
    ...(untold === 0 ? [] : [`${untold} values are not told: the 200 dearest of a budget are.`]),
    ...(await unmatchedWarnings(reader, statuses)),
  ];
  return { ...base, state, rows, warnings, ...(isBreached && { breached: true }) };
}

/** A budget that counts nothing, for what its `where` says is nobody's name, would be within its limit for ever. */
async function unmatchedWarnings(
  reader: Reader,
  statuses: readonly BudgetStatus[],
): Promise<readonly string[]> {
  const warnings: string[] = [];
  for (const { budget, spent } of statuses) {
    const names = Object.keys(budget.where);
    if (spent.calls > 0 || names.length === 0) continue;
    const { conditions, variables } = segmentSql(budget.where);
    const sql = `select 1 from cost_records where ${conditions.join(" and ")} limit 1`;
    const { rows } = await reader.readRows(sql, variables);
    if (rows.length > 0) continue;
    warnings.push(
      `${budget.name}: no call that is stored has ${segmentText(budget.where)}, so that nothing is counted. ` +
        `What there is: spancost top --by ${names.join(",")}`,
    );
  }
  return warnings;
}
