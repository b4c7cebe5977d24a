import { measureCount } from "./contributions.ts";
import { nameCostOf } from "./dimensions.ts";
import { type Condition, matches, type SpendTable } from "./spend-table.ts";

/** Two descriptions of this much common spend are one, and the simpler one is told. */
const sameSpend = 0.95;

/** How much it costs a reader to be told the conditions; nothing for none. */
export function costOfName(conditions: readonly Condition[]): number {
  return conditions.reduce((sum, { column }) => sum + nameCostOf(column.name), 0);
}

/**
 * The cheapest name for the spend that the conditions describe: none at all, a part of them, another value, or
 * one of them with another value.
 */
export function simplestName(
  table: SpendTable,
  conditions: readonly Condition[],
): readonly Condition[] {
  const open: number[] = [];
  const inside: number[] = [];
  for (let row = 0; row < table.rows; row += 1) {
    if (table.claimed[row]) continue;
    open.push(row);
    if (matches(conditions, row)) inside.push(row);
  }
  const size = (row: number) =>
    (table.window[row * measureCount] ?? 0) + (table.window[row * measureCount + 1] ?? 0);
  const own = inside.reduce((sum, row) => sum + size(row), 0);
  if (isEverything(table, open, inside)) return [];
  let simplest = conditions;
  const consider = (name: readonly Condition[]) => {
    if (costOfName(name) >= costOfName(simplest)) return;
    let common = 0;
    let other = 0;
    for (const row of open) {
      if (!matches(name, row)) continue;
      if (matches(conditions, row)) common += size(row);
      else other += size(row);
    }
    if (common >= sameSpend * (own + other)) simplest = name;
  };
  const values = table.columns.flatMap((column) =>
    column.values.map((_, code) => ({ column, code })),
  );
  const present = values.filter(({ column, code }) =>
    inside.some((row) => column.codes[row] === code),
  );
  for (const one of present) consider([one]);
  for (const kept of conditions) {
    for (const one of present) if (one.column !== kept.column) consider([kept, one]);
  }
  return simplest;
}

/** Whether the rows leave nearly nothing of the open ones out, neither before nor after. */
function isEverything(
  { window }: SpendTable,
  open: readonly number[],
  inside: readonly number[],
): boolean {
  const sum = (rows: readonly number[], measure: number) =>
    rows.reduce((all, row) => all + (window[row * measureCount + measure] ?? 0), 0);
  return [0, 1].every((measure) => sum(inside, measure) >= sameSpend * sum(open, measure));
}
