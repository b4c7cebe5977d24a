import type { Row } from "../envelope/envelope.ts";
import { cellText, money, numberText, rough } from "./cells.ts";
import { type Page, table } from "./table.ts";

/** A line per model and reason, most tokens first. */
export function unpricedTable(rows: readonly Row[], page: Page): string {
  if (rows.length === 0) return "Every call of the window has a price.";
  return table(
    [
      { title: "PROVIDER", side: "left", flexible: true },
      { title: "MODEL", side: "left", flexible: true, style: "bold" },
      { title: "REASON", side: "left" },
      { title: "CALLS", side: "right" },
      { title: "INPUT", side: "right" },
      { title: "OUTPUT", side: "right" },
      { title: "REPORTED", side: "right", optional: 2 },
      { title: "LAST SEEN", side: "left", optional: 1 },
    ],
    rows.map((row) => ({
      texts: [
        cellText("provider", row["provider"] ?? null),
        cellText("model", row["model"] ?? null),
        cellText("unpriced_reason", row["unpriced_reason"] ?? null),
        numberText(Number(row["calls"])),
        rough(row["input_tokens"]),
        rough(row["output_tokens"]),
        row["reported_cost_usd"] === null ? "–" : money(row["reported_cost_usd"]),
        cellText("last_seen", row["last_seen"] ?? null, page.zone),
      ],
    })),
    page,
  );
}
