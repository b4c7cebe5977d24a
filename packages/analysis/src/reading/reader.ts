import { type PicoUsd, usdFromText, zeroUsd } from "@spancost/pricing";
import type { Rows, SqlValue } from "@spancost/store";

/** Values of a question's parameters; those left out are unset. */
export type Variables = Readonly<Record<string, string>>;

/**
 * Where answers come from.
 *
 * `name` is that of a file in `queries/`: a store runs it, a remote receiver is asked for it by name.
 */
export interface Reader {
  ask(name: string, variables: Variables): Promise<Rows>;
}

export type Row = Rows["rows"][number];

/** A text, or `null` for NULL. */
export function textOf(row: Row, column: string): string | null {
  const value = cellOf(row, column);
  return value === null ? null : String(value);
}

/** A whole number; NULL is 0. */
export function countOf(row: Row, column: string): bigint {
  const value = cellOf(row, column);
  return value === null ? 0n : BigInt(String(value));
}

/** A share or a mean, or `undefined` for NULL. */
export function shareOf(row: Row, column: string): number | undefined {
  const value = cellOf(row, column);
  return value === null ? undefined : Number(value);
}

/** Money from its exact text; NULL is 0, for what is unknown is counted beside. */
export function moneyOf(row: Row, column: string): PicoUsd {
  return knownMoneyOf(row, column) ?? zeroUsd;
}

/** Money from its exact text; `undefined` for NULL: unknown. */
export function knownMoneyOf(row: Row, column: string): PicoUsd | undefined {
  const value = cellOf(row, column);
  if (value === null) return undefined;
  const amount = usdFromText(String(value));
  if (amount === undefined) throw new TypeError(`${column} is no amount: ${String(value)}`);
  return amount;
}

function cellOf(row: Row, column: string): SqlValue {
  const value = row[column];
  if (value === undefined) throw new TypeError(`the answer has no column ${column}`);
  return value;
}
