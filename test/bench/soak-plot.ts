/** Points of one line, in pixels. */
const width = 760;
const height = 110;
const left = 90;
const gap = 38;

/** Every column but the first, each in a panel of its own, over the first. SVG, readable on light and dark. */
export function plotOf(columns: readonly string[], rows: readonly (readonly number[])[]): string {
  const last = rows.at(-1)?.[0] ?? 1;
  const panels = columns.slice(1).map((name, index) => {
    const values = rows.map((row) => row[index + 1] ?? Number.NaN);
    const most = Math.max(...values.filter(Number.isFinite), 1e-9) * 1.1;
    const top = index * (height + gap) + 24;
    const line = rows
      .map((row, nth) => [row[0] ?? 0, values[nth] ?? Number.NaN] as const)
      .filter(([, value]) => Number.isFinite(value))
      .map(([minute, value]) => {
        const x = left + (minute / last) * (width - left - 10);
        return `${x.toFixed(1)},${(top + height - (value / most) * height).toFixed(1)}`;
      });
    return [
      `<text x="${left}" y="${top - 8}">${name.replaceAll("&", "&amp;")}</text>`,
      `<text x="${left - 8}" y="${top + 10}" text-anchor="end">${label(most)}</text>`,
      `<text x="${left - 8}" y="${top + height}" text-anchor="end">0</text>`,
      `<path d="M${left} ${top}V${top + height}H${width - 10}" fill="none" stroke="#8888"/>`,
      `<polyline points="${line.join(" ")}" fill="none" stroke="#2f6fd0" stroke-width="1.5"/>`,
    ].join("");
  });
  const whole = (columns.length - 1) * (height + gap) + 40;
  const axis = `<text x="${width - 10}" y="${whole - 14}" text-anchor="end">${label(last)} minutes</text>`;
  const title = `<title>A receiver over ${label(last)} minutes of a steady load</title>`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${whole}" width="${width}" height="${whole}" font-family="sans-serif" font-size="12" fill="#777">${title}${panels.join("\n")}${axis}</svg>\n`;
}

function label(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString("en-US") : value.toPrecision(2);
}
