import type { Patterns, Period } from "./contract.ts";

/** Whether any of the patterns fits any of the values, which are in lower case. No patterns fit everything. */
export function anyFits(patterns: Patterns, values: readonly string[]): boolean {
  if (patterns === undefined) return true;
  return patterns.some((pattern) => values.some((value) => fits(pattern, value)));
}

/** Whether the patterns fit a value that may be unknown: what is asked for must be known. */
export function fitsValue(patterns: Patterns, value: string | undefined): boolean {
  if (patterns === undefined) return true;
  if (value === undefined) return false;
  const lower = value.toLowerCase();
  return patterns.some((pattern) => fits(pattern, lower));
}

/** Whether `pattern`, in which `*` stands for any text, fits the whole value. Linear, whatever the pattern. */
export function fits(pattern: string, value: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  if (parts.length === 1) return value === first;
  const last = parts[parts.length - 1] ?? "";
  if (value.length < first.length + last.length) return false;
  if (!value.startsWith(first) || !value.endsWith(last)) return false;
  const end = value.length - last.length;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = value.indexOf(part, at);
    if (found < 0 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}

export function holdsAt({ from, until }: Period, millis: number): boolean {
  return (from === undefined || millis >= from) && (until === undefined || millis < until);
}
