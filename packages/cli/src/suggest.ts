/** " Did you mean X?" for the name nearest to `word`, or nothing where none is near. */
export function didYouMean(word: string, names: Iterable<string>): string {
  const name = nearestName(word, names);
  return name === undefined ? "" : ` Did you mean ${name}?`;
}

/** The name with the fewest letters to change, if at most a third of the word has to be. */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let nearest: string | undefined;
  let fewest = limit + 1;
  for (const name of names) {
    const letters = lettersBetween(word.toLowerCase(), name.toLowerCase());
    if (letters < fewest) [nearest, fewest] = [name, letters];
  }
  return nearest;
}

/** Letters to insert, remove, change or swap with the next: the optimal string alignment distance. */
function lettersBetween(a: string, b: string): number {
  let above: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, length) => length);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (above[j - 2] ?? 0) + 1 : change;
      next.push(Math.min(change, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    [above, row] = [row, next];
  }
  return row[b.length] ?? 0;
}
