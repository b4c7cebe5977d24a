/** What stands where a value is unknown or does not apply. Money that is unknown says so in words. */
export const nothing = "–";

/** A number of an answer: unknown is `null`. */
export type Amount = number | null | undefined;

/**
 * An amount as people read it, as the command line writes it: "$1,234.56" from a dollar up, two significant digits
 * below ("$0.0012"), "unknown" for what nobody knows. The sign stands in front: "−$3.00".
 */
export function money(dollars: Amount): string {
  if (dollars === null || dollars === undefined) return "unknown";
  const size = Math.abs(dollars);
  const sign = dollars < 0 ? "−" : "";
  if (size === 0) return "$0.00";
  if (size < 1e-6) return `<$0.000001`;
  const decimals = Math.max(2, 1 - Math.floor(Math.log10(size)));
  const text = size.toLocaleString("en-US", {
    minimumFractionDigits: 2,
    maximumFractionDigits: Math.min(12, decimals),
  });
  return `${sign}$${text}`;
}

/** The same with its sign, as a change is shown. */
export function moneyChange(dollars: Amount): string {
  const text = money(dollars);
  return typeof dollars === "number" && dollars > 0 ? `+${text}` : text;
}

/** "43.1 %"; of what is below a tenth of a percent, "<0.1 %"; 99.96 % is not all. */
export function percent(share: Amount): string {
  if (share === null || share === undefined) return nothing;
  const tenths = Math.round(share * 1000);
  if (share > 0 && tenths === 0) return "<0.1 %";
  if (share < 1 && tenths === 1000) return "99.9 %";
  return tenths === 0 || tenths === 1000
    ? `${tenths / 10} %`
    : `${(tenths / 10).toFixed(1).replace("-", "−")} %`;
}

/** "1,234,567"; fractions to four significant digits. */
export function count(amount: Amount): string {
  if (amount === null || amount === undefined) return nothing;
  const digits =
    Number.isInteger(amount) || Math.abs(amount) >= 1000
      ? Math.round(amount)
      : Number(amount.toPrecision(4));
  return digits.toLocaleString("en-US", { maximumFractionDigits: 6 });
}

/** "12.3 M", "4.5 k", "812": where the exact count is not the point. */
export function rough(amount: Amount): string {
  if (amount === null || amount === undefined) return nothing;
  if (amount < 10_000) return count(amount);
  const [size, unit] =
    amount < 999_950 ? [1e3, "k"] : amount < 999_950_000 ? [1e6, "M"] : [1e9, "G"];
  return `${(amount / Number(size)).toFixed(1)} ${unit}`;
}

/** "850 ms", "12.3 s", "4 min 10 s", "3 h 25 min", "2 d 4 h". */
export function duration(millis: Amount): string {
  if (millis === null || millis === undefined) return nothing;
  if (millis < 1000) return `${Math.round(millis)} ms`;
  if (millis < 59_950) return `${(millis / 1000).toFixed(1)} s`;
  const seconds = Math.round(millis / 1000);
  if (seconds < 3600) return twoUnits(seconds, 60, "min", "s");
  const minutes = Math.round(seconds / 60);
  if (minutes < 2880) return twoUnits(minutes, 60, "h", "min");
  return twoUnits(Math.round(minutes / 60), 24, "d", "h");
}

function twoUnits(amount: number, size: number, large: string, small: string): string {
  const rest = amount % size;
  const whole = `${Math.floor(amount / size)} ${large}`;
  return rest === 0 ? whole : `${whole} ${rest} ${small}`;
}

/** "×3.1": how many times as much; `undefined` where there is nothing to compare with. */
export function times(now: Amount, before: Amount): string | undefined {
  if (typeof now !== "number" || typeof before !== "number" || before <= 0) return undefined;
  const ratio = now / before;
  return `×${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(ratio >= 1 ? 1 : 2)}`;
}

/** "2026-11-20 03:00", in UTC; seconds only where there are some. */
export function instant(text: string | null | undefined): string {
  if (!text) return nothing;
  const plain = text.slice(0, 19).replace("T", " ").replace("Z", "");
  return plain.length === 19 && plain.endsWith(":00") ? plain.slice(0, -3) : plain;
}

/** "2026-11-20 03:00 to 12:00 UTC": the day once where both are on it. */
export function span(since: string, until: string): string {
  const [start, end] = [instant(since), instant(until)];
  return `${start} to ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end} UTC`;
}

/** "1 call", "3 calls". */
export function counted(amount: number, noun: string): string {
  return `${count(amount)} ${noun}${amount === 1 ? "" : "s"}`;
}

/** A value of any answer as people read it, by what its column's name says of it. */
export function cellText(column: string, value: unknown): string {
  if (column.endsWith("_usd")) return money(value as Amount);
  if (value === null || value === undefined) return nothing;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return numberText(column, value);
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(text) ? instant(text) : text;
}

function numberText(column: string, value: number): string {
  if (/(^|_)share(_|$)/.test(column)) return percent(value);
  return column.endsWith("_ms") ? duration(value) : count(value);
}

/** Of a column with its name in the way of SQL: "cost usd" and the like read worse than "cost". */
export function columnTitle(column: string): string {
  return column.replace(/_usd$/, "").replaceAll("_", " ");
}

/** With a capital at its start. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
