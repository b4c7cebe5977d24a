import type { CheckEnvelope } from "../../commands/check.ts";
import type { Row } from "../../envelope/envelope.ts";
import { type Family, gauge, type Sample } from "./family.ts";

/** Rows that are told; each is a line for each metric. */
const maxRows = 200;

const stateNumbers: Readonly<Record<string, number>> = { ok: 0, alert: 1, breach: 2 };

/** How it stood with budgets at the last look. */
export function budgetFamilies(last: CheckEnvelope | undefined): Family[] {
  if (last === undefined) return [];
  const rows = last.rows.slice(0, maxRows);
  const of = (column: string) =>
    rows.flatMap((row): Sample[] => {
      const value = row[column] ?? null;
      return value === null ? [] : [{ labels: labelsOf(row), value: String(value) }];
    });
  return [
    gauge(
      "spancost_budget_state",
      "How it stands with a budget: 0 within it, 1 close to it, 2 breached; missing where its cost is unknown.",
      rows.flatMap((row) => {
        const value = stateNumbers[String(row["state"])];
        return value === undefined ? [] : [{ labels: labelsOf(row), value }];
      }),
    ),
    gauge(
      "spancost_budget_ratio",
      "What is spent of a budget in its day, week or month, over its limit; missing where it is unknown.",
      of("share"),
    ),
    gauge("spancost_budget_limit_usd", "The limit of a budget.", of("limit_usd")),
    gauge("spancost_budget_spent_usd", "What was spent of it so far, exactly.", of("spent_usd")),
    gauge(
      "spancost_budget_forecast_usd",
      "What will have been spent at the end of its day, week or month: an estimate.",
      of("forecast_usd"),
    ),
  ];
}

function labelsOf(row: Row): Readonly<Record<string, string>> {
  return {
    budget: String(row["budget"]),
    ...(row["value"] !== null && { value: String(row["value"]) }),
    period: String(row["period"] ?? "last_24h"),
  };
}
