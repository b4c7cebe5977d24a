import type { PricesEnvelope } from "../commands/prices.ts";
import type { Row } from "../envelope/envelope.ts";
import { plain } from "../flags/window.ts";
import { cellText, nothing, numberText } from "./cells.ts";
import { type Page, table } from "./table.ts";
import { harmless } from "./text-width.ts";

/** The card of a model: what it was found as, then a line per rate. */
export function pricesTable(envelope: PricesEnvelope, page: Page): string {
  const { model, at, price_id: id, source, rows, free, tier } = envelope;
  const name = id.split("#", 1)[0];
  const inTier = tier === "standard" ? "" : ` (${harmless(tier)})`;
  const head = `${page.style("bold", harmless(model))} is ${name}${inTier} in ${source}, at ${plain(at, page.zone)} ${page.zone.name}`;
  if (rows.length === 0) return `${head}\n${free ? "Free of charge." : "No rates."}`;
  return [head, "", rateTable(rows, page)].join("\n");
}

function rateTable(rows: readonly Row[], page: Page): string {
  const hasNotes = rows.some((row) => row["note"] !== null);
  return table(
    [
      { title: "CELL", side: "left" },
      { title: "USD", side: "right", style: "bold" },
      { title: "PER", side: "left" },
      { title: "WHEN", side: "left" },
      { title: "SOURCE", side: "left" },
      ...(hasNotes ? [{ title: "BY", side: "left", flexible: true } as const] : []),
    ],
    rows.map((row) => {
      const above = Number(row["above_input_tokens"]);
      return {
        texts: [
          above === 0 ? String(row["cell"]) : `  above ${numberText(above)} input tokens`,
          `$${row["usd"]}`,
          String(row["per"]),
          effective(row),
          String(row["source"]),
          ...(hasNotes ? [cellText("note", row["note"] ?? null)] : []),
        ],
      };
    }),
    page,
  );
}

function effective(row: Row): string {
  const { effective_from: from, effective_until: until, hours } = row;
  const parts = [
    from === null ? undefined : `from ${from}`,
    until === null ? undefined : `until ${until}`,
    hours === null ? undefined : String(hours),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? nothing : parts.join(" ");
}
