import type { IngestEnvelope } from "../commands/run-ingest.ts";
import type { Cell } from "../envelope/envelope.ts";
import { numberText } from "./cells.ts";

/** What came of the files, in two lines. */
export function ingestSummary({ rows, total, database }: IngestEnvelope): string {
  const failed = rows.filter(({ error }) => error !== null).length;
  const read = `${count(total["spans"], "span")} from ${count(rows.length - failed, "file")}`;
  const missing = failed === 0 ? "" : ` (${failed} could not be read)`;
  if (total["calls"] === null) return `${read} sent to the receiver of ${database}${missing}`;
  const duplicates = Number(total["duplicates"]);
  return [
    `${read} read into ${database}${missing}: ${numberText(Number(total["new_spans"]))} new, ` +
      `${count(duplicates, "duplicate")}`,
    `${count(total["calls"], "new call")}, ${numberText(Number(total["unpriced_calls"]))} of them unpriced`,
  ].join("\n");
}

function count(value: Cell | undefined, one: string): string {
  return `${numberText(Number(value ?? 0))} ${value === 1 ? one : `${one}s`}`;
}
