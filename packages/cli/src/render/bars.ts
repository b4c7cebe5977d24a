const eighths = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A bar of `share` of `width` characters, to an eighth of one; what is above 0 is never empty. */
export function bar(share: number, width: number): string {
  if (!(share > 0)) return "";
  const parts = Math.max(1, Math.round(Math.min(share, 1) * width * 8));
  return "█".repeat(Math.floor(parts / 8)) + (eighths[parts % 8] ?? "");
}

const levels = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/** One character per value, its height relative to the largest. */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(...values);
  if (!(most > 0)) return (levels[0] ?? "").repeat(values.length);
  return values
    .map((value) => levels[Math.round((Math.max(0, value) / most) * (levels.length - 1))] ?? "")
    .join("");
}
