/** Words of a language that nobody speaks, short ones more often, as in real ones. */
const words = makeWords();

function makeWords(): string[] {
  const syllables = ["ka", "lo", "mi", "ren", "tu", "sha", "vel", "do", "pri", "an", "est", "or"];
  const made: string[] = [];
  for (const a of syllables) {
    made.push(a);
    for (const b of syllables) {
      made.push(a + b);
      for (const c of syllables) made.push(a + b + c);
    }
  }
  return made;
}

/** A prompt or an answer as JSON messages, of `least` to `most` characters. It compresses about as well as English. */
export function promptText(random: () => number, least: number, most: number): string {
  const length = least + Math.floor(random() * (most - least));
  const parts: string[] = [];
  let written = 0;
  while (written < length) {
    const word = words[Math.floor(random() ** 3 * words.length)] ?? "";
    parts.push(word);
    written += word.length + 1;
  }
  const text = parts.join(" ").slice(0, length);
  return JSON.stringify([{ role: "user", parts: [{ type: "text", content: text }] }]);
}
