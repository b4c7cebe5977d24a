import type { Row } from "../envelope/envelope.ts";
import { cellText, money, nothing, numberText } from "./cells.ts";
import { type Page, table } from "./table.ts";

/** A line per run, what was booked first. */
export function runsTable(rows: readonly Row[], page: Page): string {
  return table(
    [
      { title: "RUN", side: "left", style: "bold" },
      { title: "MADE", side: "left" },
      { title: "PRICES", side: "left", flexible: true },
      { title: "SPANS", side: "right" },
      { title: "COST", side: "right" },
      { title: "", side: "left" },
    ],
    rows.map((row) => {
      const booked = Number(row["run_id"]) === 0;
      return {
        texts: [
          booked ? "booked" : String(row["run_id"]),
          booked ? nothing : cellText("made_at", row["made_at"] ?? null, page.zone),
          booked ? "as each span arrived" : pricesOf(row),
          booked ? nothing : numberText(Number(row["spans"])),
          money(row["cost_usd"]),
          row["read_by_default"] === true ? "read by default" : "",
        ],
      };
    }),
    page,
  );
}

function pricesOf({ contract_id: contract, catalogue }: Row): string {
  return contract === null ? String(catalogue) : `contract@${contract}, ${catalogue}`;
}
