import { type CostRow, truths } from "./captures.ts";
import { type Fact, factsOf } from "./compare.ts";
import { knownLimits } from "./known-limits.ts";

/** The table of docs/emitters.md: a row per capture, truth beside what spancost says. */
export function emittersTable(found: ReadonlyMap<string, readonly CostRow[]>): string {
  const rows = Object.entries(truths).flatMap(([capture, truth]) => {
    const records = found.get(capture) ?? [];
    const facts = factsOf(capture, truth, records);
    const cells = facts.map(cell);
    return `| \`${capture}\` | ${cells.join(" | ")} | ${note(capture, facts)} |`;
  });
  return [
    "| capture | calls | input | cached | cache write | 1 h write | output | reasoning | |",
    "| --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function cell({ truth, found, verdict }: Fact): string {
  if (verdict === "right") return String(truth);
  if (verdict === "unknown") return truth === 0 ? "unknown" : `unknown (${truth})`;
  return `**${found ?? "unknown"}** (${truth})`;
}

function note(capture: string, facts: readonly Fact[]): string {
  const limit = knownLimits[capture];
  if (limit !== undefined) return limit;
  return facts.every(({ verdict }) => verdict === "right") ? "exact" : "";
}
