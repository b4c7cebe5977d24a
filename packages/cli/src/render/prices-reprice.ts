import type { RepriceEnvelope } from "../commands/prices-reprice.ts";
import type { Row } from "../envelope/envelope.ts";
import { cellText, money, moneyChange, numberText } from "./cells.ts";
import { type Page, pasted, table } from "./table.ts";

/** What the run changes, day by day, under one line that sums it up. */
export function repricedTable(envelope: RepriceEnvelope, page: Page): string {
  const { run, rows, total } = envelope;
  if (envelope.no_data === true) return "";
  const parts = [headline(envelope, page)];
  if (rows.length > 0) parts.push("", changesTable(rows, page));
  const booked = money(total["booked_cost_usd"]);
  parts.push(
    "",
    `${booked} booked, ${money(total["cost_usd"])} in run ${run}: ${moneyChange(total["delta_usd"])}.${counts(total)}`,
    `Nothing was changed. Read it: --run ${run} on any command. Make it what everyone reads: ${pasted(`spancost prices use ${run}`, page)}`,
  );
  return parts.join("\n");
}

function headline({ run, spans, catalogue, contract_id: contract }: RepriceEnvelope, page: Page) {
  const prices = contract === null ? catalogue : `contract@${contract} over ${catalogue}`;
  return `${page.style("bold", `Run ${run}`)} priced ${numberText(spans)} ${spans === 1 ? "span" : "spans"} by ${prices}.`;
}

function counts(total: Row): string {
  const sentence = (column: string, one: string, more: string) => {
    const count = Number(total[column]);
    return count === 0 ? "" : ` ${numberText(count)} ${count === 1 ? one : more}.`;
  };
  return (
    sentence("newly_priced_calls", "call has a price now", "calls have a price now") +
    sentence("no_longer_priced_calls", "call has none any more", "calls have none any more") +
    sentence("unpriced_calls", "call has no price", "calls have no price")
  );
}

function changesTable(rows: readonly Row[], page: Page): string {
  return table(
    [
      { title: "DAY", side: "left" },
      { title: "MODEL", side: "left", flexible: true, style: "bold" },
      { title: "PROVIDER", side: "left", flexible: true, optional: 2 },
      { title: "CALLS", side: "right" },
      { title: "BOOKED", side: "right" },
      { title: "NOW", side: "right" },
      { title: "CHANGE", side: "right" },
      { title: "PRICED BY", side: "left", flexible: true, optional: 1 },
    ],
    rows.map((row) => ({
      texts: [
        cellText("day", row["day"] ?? null),
        cellText("model", row["model"] ?? null),
        cellText("provider", row["provider"] ?? null),
        numberText(Number(row["calls"])),
        money(row["booked_cost_usd"]),
        money(row["cost_usd"]),
        moneyChange(row["delta_usd"]),
        cellText("price_sources", row["price_sources"] ?? null),
      ],
    })),
    page,
  );
}
