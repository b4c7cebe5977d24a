import { nameCostOf } from "../dimensions.ts";
import { measureCount } from "../ledger/contributions.ts";
import { openRows } from "./candidates.ts";
import { type Condition, matches, type SpendTable } from "./spend-table.ts";

/** Two descriptions of this much common spend are one, and the simpler one is told. */
const sameSpend = 0.95;

/** How much it costs a reader to be told the conditions; nothing for none. */
export function costOfName(conditions: readonly Condition[]): number {
  return conditions.reduce((sum, { column }) => sum + nameCostOf(column.name), 0);
}

/** Whether a name says less than another, and nothing else. */
export function isPartOfName(
  conditions: readonly Condition[],
  longer: readonly Condition[],
): boolean {
  return (
    conditions.length < longer.length &&
    conditions.every(({ column, code }) =>
      longer.some((other) => other.column === column && other.code === code),
    )
  );
}

/** A new price is a model's: who is told of a team looks for it in the team. */
const modelOfPrice = 0.9;

function costToTell(conditions: readonly Condition[], isPrice: boolean): number {
  const isModel = conditions.length === 1 && conditions[0]?.column.name === "model";
  return isPrice && isModel ? modelOfPrice : costOfName(conditions);
}

/**
 * The cheapest name for the spend that the conditions describe and no finding has: none at all, a part of them, another value,
 * or one of them with another value. No name of more than they describe is taken, be it in a finding or not.
 *
 * @param isPrice whether a price changed
 */
export function simplestName(
  table: SpendTable,
  conditions: readonly Condition[],
  isPrice = false,
): readonly Condition[] {
  const open = openRows(table, []);
  const inside = openRows(table, conditions);
  const own = sum(inside, (row) => spendOf(table, row));
  if (isEverything(table, open, inside)) return [];
  let simplest = conditions;
  const consider = (name: readonly Condition[]) => {
    if (costToTell(name, isPrice) >= costToTell(simplest, isPrice)) return;
    let common = 0;
    let other = 0;
    for (let row = 0; row < table.rows; row += 1) {
      if (!matches(name, row)) continue;
      if (!matches(conditions, row)) other += spendOf(table, row);
      else if (!table.claimed[row]) common += spendOf(table, row);
    }
    if (common >= sameSpend * (own + other)) simplest = name;
  };
  const present = table.columns.flatMap((column) => {
    const codes = new Set(Array.from(inside, (row) => column.codes[row] ?? -1));
    codes.delete(-1);
    return [...codes].map((code) => ({ column, code }));
  });
  for (const one of present) consider([one]);
  for (const kept of conditions) {
    for (const one of present) if (one.column !== kept.column) consider([kept, one]);
  }
  return simplest;
}

/** What a row cost in the window and was expected to. */
export function spendOf({ measures, turns }: SpendTable, row: number): number {
  const at = row * turns * measureCount;
  return (measures[at] ?? 0) + (measures[at + 1] ?? 0);
}

/** The share of the spend under a name that some of its rows have; all of it where nothing was spent. */
export function shareOfSpend(
  table: SpendTable,
  conditions: readonly Condition[],
  has: (row: number) => boolean,
): number {
  let [all, own] = [0, 0];
  for (let row = 0; row < table.rows; row += 1) {
    if (!matches(conditions, row)) continue;
    all += spendOf(table, row);
    if (has(row)) own += spendOf(table, row);
  }
  return all === 0 ? 1 : own / all;
}

/** Whether the rows leave nearly nothing of the open ones out, neither before nor after. */
function isEverything(
  { measures, turns }: SpendTable,
  open: Int32Array,
  inside: Int32Array,
): boolean {
  return [0, 1].every((measure) => {
    const of = (row: number) => measures[row * turns * measureCount + measure] ?? 0;
    return sum(inside, of) >= sameSpend * sum(open, of);
  });
}

function sum(rows: Int32Array, of: (row: number) => number): number {
  let all = 0;
  for (const row of rows) all += of(row);
  return all;
}
