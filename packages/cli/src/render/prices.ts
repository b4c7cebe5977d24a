import type { PricesEnvelope } from "../commands/prices.ts";
import type { Row } from "../envelope/envelope.ts";
import { plain } from "../flags/window.ts";
import { nothing, numberText } from "./cells.ts";
import { type Page, table } from "./table.ts";
import { harmless } from "./text-width.ts";

/** The card of a model: what it was found as, then a line per rate. */
export function pricesTable(envelope: PricesEnvelope, page: Page): string {
  const { model, at, price_id: id, source, rows, free } = envelope;
  const name = id.split("#", 1)[0];
  const head = `${page.style("bold", harmless(model))} is ${name} in ${source}, at ${plain(at)} UTC`;
  if (rows.length === 0) return `${head}\n${free ? "Free of charge." : "No rates."}`;
  return [head, "", rateTable(rows, page)].join("\n");
}

function rateTable(rows: readonly Row[], page: Page): string {
  return table(
    [
      { title: "CELL", side: "left" },
      { title: "USD PER MILLION", side: "right", style: "bold" },
      { title: "OF", side: "left" },
      { title: "WHEN", side: "left" },
      { title: "SOURCE", side: "left" },
    ],
    rows.map((row) => {
      const above = Number(row["above_input_tokens"]);
      return {
        texts: [
          above === 0 ? String(row["cell"]) : `  above ${numberText(above)} input tokens`,
          `$${row["usd_per_million"]}`,
          String(row["unit"]),
          effective(row),
          String(row["source"]),
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
