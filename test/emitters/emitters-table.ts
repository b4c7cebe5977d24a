import { type CostRow, truths } from "./captures.ts";
import { type Fact, factsOf } from "./compare.ts";
import { knownLimits } from "./known-limits.ts";

/** Facts of a capture that have a column: calls and tokens that are common. */
const columns = 7;

/** The table of docs/emitters.md: a row per capture, truth beside what spancost says. */
export function emittersTable(found: ReadonlyMap<string, readonly CostRow[]>): string {
  const rows = Object.entries(truths).flatMap(([capture, truth]) => {
    const records = found.get(capture) ?? [];
    const facts = factsOf(capture, truth, records);
    const cells = facts.slice(0, columns).map(cell);
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
  // What few calls have stands here rather than in columns of its own.
  const rare = facts.slice(columns).filter(({ truth }) => truth > 0);
  const told = rare.map((fact) => `${fact.name} ${cell(fact)}`).join(", ");
  if (told !== "") return told;
  return facts.slice(0, columns).every(({ verdict }) => verdict === "right") ? "exact" : "";
}
