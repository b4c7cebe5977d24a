import {
  add,
  byValue,
  type Column,
  type Condition,
  canName,
  type Spend,
  type SpendTable,
  sumOf,
} from "./spend-table.ts";

/** A segment that may explain the change, with its spend that no finding has. */
export interface Candidate extends Spend {
  readonly conditions: readonly Condition[];
}

/**
 * Everything, each value, and each pair of values of which both are large.
 *
 * @param large spend from which on a value is paired with others
 */
export function candidatesOf(table: SpendTable, large: number): Candidate[] {
  const all = sumOf(table.spend.filter((_, index) => !table.claimed[index]));
  const candidates: Candidate[] = [{ conditions: [], ...all }];
  const paired: boolean[][] = [];
  for (const column of table.columns) {
    const sums = byValue(table, column);
    paired.push(
      sums.map(
        ({ after, before }, code) => canName(column, code) && Math.max(after, before) >= large,
      ),
    );
    for (const [code, spend] of sums.entries()) {
      if (canName(column, code)) candidates.push({ conditions: [{ column, code }], ...spend });
    }
  }
  for (const [i, first] of table.columns.entries()) {
    for (const [more, second] of table.columns.slice(i + 1).entries()) {
      candidates.push(...pairsOf(table, first, second, paired[i], paired[i + 1 + more]));
    }
  }
  return candidates;
}

function pairsOf(
  table: SpendTable,
  first: Column,
  second: Column,
  firstPaired: readonly boolean[] = [],
  secondPaired: readonly boolean[] = [],
): Candidate[] {
  const sums = new Map<number, Spend>();
  for (const [index, spend] of table.spend.entries()) {
    const a = first.codes[index] ?? 0;
    const b = second.codes[index] ?? 0;
    if (table.claimed[index] || !firstPaired[a] || !secondPaired[b]) continue;
    const key = a * second.values.length + b;
    const sum = sums.get(key) ?? { after: 0, before: 0 };
    sums.set(key, sum);
    add(sum, spend);
  }
  return [...sums].map(([key, spend]) => ({
    conditions: [
      { column: first, code: Math.floor(key / second.values.length) },
      { column: second, code: key % second.values.length },
    ],
    ...spend,
  }));
}
