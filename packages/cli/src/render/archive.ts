import type { ArchiveEnvelope } from "../commands/archive.ts";
import type { Row } from "../envelope/envelope.ts";
import { sizeText } from "../size-text.ts";
import { cellText, money, numberText } from "./cells.ts";
import { type Page, table } from "./table.ts";

/** A line per day, and how to ask the files. */
export function archiveTable({ rows, dir }: ArchiveEnvelope, page: Page): string {
  if (rows.length === 0) return "";
  const days = table(
    [
      { title: "DAY", side: "left", style: "bold" },
      { title: "RECORDS", side: "right" },
      { title: "SPANS", side: "right" },
      { title: "COST", side: "right" },
      { title: "SIZE", side: "right" },
      { title: "", side: "left" },
    ],
    rows.map((row) => ({
      texts: [
        cellText("date", row["date"] ?? null),
        numberText(Number(row["records"])),
        numberText(Number(row["spans"])),
        money(row["cost_usd"]),
        sizeText(Number(row["bytes"])),
        outcomeOf(row),
      ],
    })),
    page,
  );
  return (
    `${days}\n\nAsk them: duckdb -c "select feature, sum(cost_usd) ` +
    `from '${dir}/cost_records/**/*.parquet' group by feature"`
  );
}

function outcomeOf({ written, dropped }: Row): string {
  const file = written === true ? "written" : "had its files";
  return dropped === true ? `${file}, deleted here` : file;
}
