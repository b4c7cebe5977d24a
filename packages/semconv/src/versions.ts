/**
 * Which versions of an emitter a row of the table is about: one bound or two, such as `<1.54` or `>=0.1.18 <0.1.42`.
 *
 * Only the numbers count: a pre-release (`0.66b2`, `1.0.0-rc.1`) is compared like its release.
 */
export type VersionRange = `${"<" | ">="}${number}${string}`;

/**
 * Whether `version` is in `range`. A version that is not told is in none: a row without a range, which holds the
 * newest meaning, then counts.
 */
export function isInRange(version: string, range: VersionRange): boolean {
  const numbers = numbersOf(version);
  if (numbers === undefined) return false;
  return range.split(" ").every((bound) => {
    const below = bound.startsWith("<");
    const order = compare(numbers, numbersOf(bound.replace(/^(<|>=)/, "")) ?? []);
    return below ? order < 0 : order >= 0;
  });
}

/** The leading numbers of a version: `v1.2.3-rc.1` is [1, 2, 3]. */
function numbersOf(version: string): readonly number[] | undefined {
  const found = /^v?(\d{1,9}(?:\.\d{1,9}){0,3})/.exec(version);
  return found?.[1]?.split(".").map(Number);
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (let at = 0; at < Math.max(one.length, other.length); at += 1) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
