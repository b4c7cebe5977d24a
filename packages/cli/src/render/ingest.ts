import type { IngestEnvelope } from "../commands/run-ingest.ts";
import type { Cell, Row } from "../envelope/envelope.ts";
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

/**
 * What was stored and what was not when somebody stopped it.
 *
 * @param rows of the files up to the one that was being read
 * @param unread how many files come after that one
 */
export function stoppedReading(rows: readonly Row[], unread: number): string {
  const whole = rows.slice(0, -1).filter(({ error }) => error === null);
  const { file: path, spans } = rows.at(-1) ?? {};
  const file = path === "-" ? "standard input" : path;
  const parts = [
    ...(whole.length === 0 ? [] : [wholeFiles(whole)]),
    ...(spans === 0 ? [] : [`the first ${count(spans, "span")} of ${file}`]),
  ];
  const stored = parts.length === 0 ? "nothing" : parts.join(", and ");
  const rest = spans === 0 ? file : `the rest of ${file}`;
  const others = unread === 0 ? "" : ` and ${count(unread, "file")} after it`;
  return `interrupted. Stored: ${stored}. Not read: ${rest}${others}. ${again}`;
}

/** The same where all files had been read. */
export function stoppedWorkingOut(rows: readonly Row[]): string {
  const read = rows.filter(({ error }) => error === null);
  return (
    `interrupted. Stored: ${wholeFiles(read)}. ` +
    "What they cost is worked out by the next command that asks."
  );
}

const again = "Run the same command again for the rest: what is stored already counts once.";

function wholeFiles(rows: readonly Row[]): string {
  const spans = rows.reduce((sum, row) => sum + Number(row["spans"]), 0);
  return `${count(rows.length, "file")} with ${count(spans, "span")}`;
}

function count(value: Cell | undefined, one: string): string {
  return `${numberText(Number(value ?? 0))} ${value === 1 ? one : `${one}s`}`;
}
