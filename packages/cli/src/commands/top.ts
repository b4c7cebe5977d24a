import type { Command } from "commander";
import type { Cell, Envelope, Row, Window } from "../envelope/envelope.ts";
import { schemaOf } from "../envelope/envelope.ts";
import { toRows } from "../envelope/from-rows.ts";
import { type Dimension, parseDimensions } from "../flags/dimensions.ts";
import { type Filter, filterSql, parseFilters } from "../flags/filters.ts";
import { type Texts, wholeNumber } from "../flags/texts.ts";
import { type TimeZone, utc, zoneOf } from "../flags/time-zone.ts";
import { askedWindow, resolveWindow } from "../flags/window.ts";
import type { Reader } from "../ports.ts";
import { topTable } from "../render/top.ts";
import { noDataWarning } from "./no-data.ts";
import type { ReadingCommand } from "./reading-command.ts";
import { inWindow, topSql, totalSql, unpricedSql } from "./top-sql.ts";
import { trustOf, trustWarnings } from "./trust.ts";

/** Answer of `spancost top`: a row per group of calls, dearest first. */
export type TopEnvelope = Envelope & {
  readonly by: readonly string[];
  /** Whose days and hours they are; left out for UTC. */
  readonly timezone?: string;
  /** All calls of the window, those of groups that are not shown included. */
  readonly total: Row;
  /** How many groups there are. */
  readonly groups: Cell;
  /** Of all calls of the window that are in `total`. */
  readonly trust: Row;
};

const defaultLimit = 20;

export const top: ReadingCommand = {
  name: "top",
  takes: ["by", "since", "until", "where", "limit", "run"],
  needsStore: () => true,

  define(program: Command): Command {
    return program
      .command("top")
      .description("what costs most: calls, tokens and cost per feature, release, model, user …")
      .option("--by <dims>", "dimensions to split by, separated by commas (default: feature)")
      .option("--limit <n>", `groups shown, 0 for all (default: ${defaultLimit})`)
      .addHelpText(
        "after",
        "\nExamples:\n  spancost top --since 24h\n  spancost top --by feature,release --where team=search --since 7d",
      );
  },

  prepare(texts: Texts, now: number) {
    const zone = zoneOf(texts);
    const split = texts.all("by").length > 0 ? texts.all("by") : ["feature"];
    const by = parseDimensions(split, "by", zone);
    const filters = parseFilters(texts.all("where"), zone);
    const asked = askedWindow(texts, now);
    const limit = wholeNumber("limit", texts.one("limit") ?? String(defaultLimit), 0);
    return async ({ reader }) => {
      const window = await resolveWindow(reader, asked);
      const answer = await topAnswer(reader, window, { by, filters, limit, zone });
      return zone === utc ? answer : { ...answer, timezone: zone.name };
    };
  },

  table: (envelope, page) => topTable(envelope as TopEnvelope, page),
};

interface TopQuestion {
  readonly by: readonly Dimension[];
  readonly filters: readonly Filter[];
  /** Of groups; 0 is all. */
  readonly limit: number;
  readonly zone: TimeZone;
}

async function topAnswer(
  reader: Reader,
  window: Window | undefined,
  { by, filters, limit, zone }: TopQuestion,
): Promise<TopEnvelope> {
  const { conditions, variables } = filterSql(filters);
  const asked = { ...variables, ...window };
  const read = async (sql: string) => toRows(await reader.readRows(sql, asked));
  const [total = {}] = window === undefined ? [] : await read(totalSql(by, conditions));
  const { groups = 0, ...sums } = total;
  const base = { schema: schemaOf("top"), window: window ?? null, by: by.map(({ name }) => name) };
  if (window === undefined || sums["calls"] === 0 || sums["calls"] === undefined) {
    const warnings = [await noDataWarning(reader, window, filters, zone)];
    return { ...base, rows: [], groups: 0, total: sums, trust: {}, warnings, no_data: true };
  }
  const rows = await read(topSql(by, conditions, limit));
  const unpriced = await read(unpricedSql(conditions));
  const trust = await trustOf(reader, [inWindow, ...conditions], asked, by);
  const warnings = [...unpriced.map(unpricedWarning), ...trustWarnings(trust)];
  return { ...base, rows, groups, total: sums, trust, warnings };
}

/** "212 calls of acme-ft-7b (unknown_model) have no price: their cost is unknown and in none of these figures." */
function unpricedWarning({ calls, models, unpriced_reason: reason }: Row): string {
  const [are, their] = calls === 1 ? ["call", "its"] : ["calls", "their"];
  return `${calls} ${are} of ${models} (${reason}): no price, so ${their} cost is unknown and in none of these figures.`;
}
