import type { CheckEnvelope } from "../commands/check.ts";
import type { Row } from "../envelope/envelope.ts";
import type { TextStyle } from "../ports.ts";
import { bar } from "./bars.ts";
import { duration, money, nothing, percent } from "./cells.ts";
import { type Column, type Page, table } from "./table.ts";
import { harmless } from "./text-width.ts";

const barWidth = 10;

const columns: readonly Column[] = [
  { title: "STATE", side: "left" },
  { title: "BUDGET", side: "left", flexible: true },
  { title: "PERIOD", side: "left" },
  { title: "SPENT", side: "right" },
  { title: "OF LIMIT", side: "right" },
  { title: "", side: "right" },
  { title: "", side: "left", optional: 2 },
  { title: "FORECAST", side: "right", optional: 1 },
];

const styles: Readonly<Record<string, TextStyle>> = { breach: "red", alert: "yellow" };

/** A line per budget; below, a sentence for each that is not well. */
export function checkTable({ rows, at }: CheckEnvelope, page: Page): string {
  if (rows.length === 0) return "";
  const lines = rows.map((row) => {
    const style = styles[String(row["state"])];
    return { texts: textsOf(row), ...(style !== undefined && { style }) };
  });
  const told = rows
    .filter(({ state }) => state !== "ok")
    .map(({ state, sentence }) => `${String(state)}: ${harmless(String(sentence))}`);
  const all = told.length === 0 ? [`All within budget at ${at}.`] : told;
  return `${table(columns, lines, page)}\n\n${all.join("\n")}`;
}

/** "teams: core"; of a spike where it shows most, "spikes: support-agent". */
function nameOf({ budget, value, period, where }: Row): string {
  const feature = period === null ? (where as Row)["feature"] : undefined;
  const part = value ?? feature;
  return part === undefined || part === null ? String(budget) : `${budget}: ${part}`;
}

/** How long a spike lasts. */
function lengthOf({ since, until }: Row): string {
  return duration(Date.parse(String(until)) - Date.parse(String(since)));
}

function textsOf(row: Row): string[] {
  const { share } = row;
  const isRequest = row["limit_of"] === "request";
  const spent = isRequest ? row["cost_per_request_usd"] : row["spent_usd"];
  const usual = row["usual_usd"] ?? null;
  return [
    String(row["state"]),
    harmless(nameOf(row)),
    isRequest ? `${row["period"]}, a request` : String(row["period"] ?? lengthOf(row)),
    isRequest && spent === null ? nothing : money(spent),
    usual === null ? money(row["limit_usd"]) : `usual ${money(usual)}`,
    typeof share === "number" ? percent(share) : nothing,
    typeof share === "number" ? bar(share, barWidth) : "",
    row["forecast_usd"] === null ? nothing : money(row["forecast_usd"]),
  ];
}
