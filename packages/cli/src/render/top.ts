import type { TopEnvelope } from "../commands/top.ts";
import type { Cell, Row } from "../envelope/envelope.ts";
import { noValue } from "../flags/dimensions.ts";
import { bar } from "./bars.ts";
import { cellText, money, nothing, numberText, percent, rough } from "./cells.ts";
import { type Column, type Page, table } from "./table.ts";
import { trustLine } from "./trust.ts";

const barWidth = 12;

/** A line per group with a bar of its share, below it the sum of all groups, and how far to believe it. */
export function topTable({ by, rows, total, groups, trust }: TopEnvelope, page: Page): string {
  if (rows.length === 0) return "";
  const columns: Column[] = [
    ...by.map((name) => ({ title: name.toUpperCase(), side: "left", flexible: true }) as const),
    { title: "COST", side: "right", style: "bold" },
    { title: "SHARE", side: "right" },
    { title: "", side: "left", style: "cyan", optional: 4 },
    { title: "REQUESTS", side: "right", optional: 3 },
    { title: "CALLS", side: "right" },
    // All dashes, it can go before a name is cut.
    { title: "UNPRICED", side: "right", ...(total["unpriced_calls"] === 0 && { optional: 2 }) },
    { title: "COST/CALL", side: "right", optional: 1 },
    { title: "TOKENS IN", side: "right", optional: 5 },
    { title: "CACHED", side: "right", optional: 7 },
    { title: "OUT", side: "right", optional: 6 },
  ];
  const lines = rows.map((row) => ({
    texts: [...by.map((name) => label(name, row, page)), ...sums(row)],
  }));
  const shown = rows.length === Number(groups) ? "total" : `total of ${groups} groups`;
  const sum = [shown, ...by.slice(1).map(() => ""), ...sums(total, "")];
  const groupLines = table(columns, [...lines, { texts: sum, style: "bold" }], page);
  return `${groupLines}\n\n${trustLine(trust)}`;
}

function label(name: string, row: Row, { zone }: Page): string {
  const value = row[name] ?? null;
  return value === null ? noValue : cellText(name, value, zone);
}

function sums(row: Row, barText?: string): string[] {
  const share = row["share"] ?? null;
  return [
    money(row["cost_usd"]),
    share === null ? nothing : percent(Number(share)),
    barText ?? bar(Number(share ?? 0), barWidth),
    count(row["requests"]),
    count(row["calls"]),
    row["unpriced_calls"] === 0 ? nothing : count(row["unpriced_calls"]),
    money(row["cost_per_call_usd"]),
    rough(row["input_tokens"]),
    rough(row["cache_read_tokens"]),
    rough(row["output_tokens"]),
  ];
}

function count(value: Cell | undefined): string {
  return typeof value === "number" ? numberText(value) : nothing;
}
