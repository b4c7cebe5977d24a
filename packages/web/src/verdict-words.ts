/** What is said in few words of a release that may be why a window was dearer, by its verdict in an answer. */
const words: Readonly<Record<string, string>> = {
  explains: "explains it",
  explains_part: "explains a part",
  does_not_explain: "does not explain it",
  too_few_requests: "too few to tell",
};

/** What was there without the old release beside it may have another reason. */
const wordsWithoutControl: Readonly<Record<string, string>> = {
  explains: "came with it",
  explains_part: "came with a part",
};

/** @param control with what it was compared, as answers say it */
export function verdictWords(verdict: string, control: string): string {
  const careful = control === "same_hours" ? undefined : wordsWithoutControl[verdict];
  return careful ?? words[verdict] ?? verdict;
}
