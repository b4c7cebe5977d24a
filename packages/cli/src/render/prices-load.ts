import type { LoadEnvelope } from "../commands/prices-load.ts";
import type { Row } from "../envelope/envelope.ts";
import { plain } from "../flags/window.ts";
import { cellText, nothing } from "./cells.ts";
import { type Page, pasted, table } from "./table.ts";

/** What is in the file, an entry a line, and what to do next. */
export function loadedTable(envelope: LoadEnvelope, page: Page): string {
  const { rows, file, contract_id: id } = envelope;
  const entries =
    rows.length === 0
      ? "It has no entries."
      : table(
          [
            { title: "ENTRY", side: "left", wraps: true, style: "bold" },
            { title: "FOR", side: "left", wraps: true },
            { title: "WHEN", side: "left", wraps: true },
            { title: "PRICE", side: "left", wraps: true },
          ],
          rows.map((row) => ({
            texts: [
              cellText("entry", row["entry"] ?? null),
              cellText("scope", row["scope"] ?? null),
              when(row),
              cellText("price", row["price"] ?? null),
            ],
          })),
          page,
        );
  return [entries, "", pasted(nextStep(envelope, file, id), page)].join("\n");
}

function when({ from, until }: Row): string {
  const parts = [
    typeof from === "string" ? `from ${dayOrTime(from)}` : undefined,
    typeof until === "string" ? `until ${dayOrTime(until)}` : undefined,
  ].filter((part) => part !== undefined);
  return parts.join(" ") || nothing;
}

/** As it is written in the file: a day is its midnight, UTC. */
function dayOrTime(instant: string): string {
  return plain(instant).replace(/ 00:00$/, "");
}

function nextStep({ loaded, check }: LoadEnvelope, file: string, id: string): string {
  if (check) return `${file} is sound. Load it: spancost prices load ${file}`;
  if (!loaded) return `${file} was loaded before, as contract@${id}: nothing changes.`;
  return (
    `${file} is loaded as contract@${id} and prices what arrives from now on, in the place of any that was loaded before.\n` +
    "What is stored keeps its price. To price it anew, beside what was booked: spancost prices reprice"
  );
}
