import type { StackChart } from "../../src/charts/chart.ts";

const hueCount = 10;

export type Hue = StackChart["parts"][number]["hue"];

/** How calls without a value are written, in filters too. */
export const noValue = "(none)";

/**
 * A hue for each value. A value has the same one wherever it is shown, unless two that stand side by side would then
 * look alike.
 */
export function huesOf(values: readonly (string | null)[]): Map<string | null, Hue> {
  const taken = new Set<number>();
  const hues = new Map<string | null, Hue>();
  for (const value of values) {
    if (value === null) {
      hues.set(null, "none");
      continue;
    }
    let hue = numberOf(value) % hueCount;
    while (taken.has(hue) && taken.size < hueCount) hue = (hue + 1) % hueCount;
    taken.add(hue);
    hues.set(value, hue);
  }
  return hues;
}

/** FNV-1a: the same text, the same number. */
function numberOf(text: string): number {
  let number = 0x811c9dc5;
  for (const letter of text) {
    number = Math.imul(number ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  }
  return number >>> 0;
}
