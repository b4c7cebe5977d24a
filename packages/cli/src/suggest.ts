import { lettersBetween } from "@spancost/pricing";

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
