/** A factor in words, by whether it made the window dearer. */
const words: Readonly<Record<string, readonly [dearer: string, cheaper: string]>> = {
  traffic: ["more requests", "fewer requests"],
  loops: ["longer agent loops", "shorter agent loops"],
  retries: ["more retries", "fewer retries"],
  input: ["larger prompts", "smaller prompts"],
  cache: ["fewer cache hits", "more cache hits"],
  output: ["longer answers", "shorter answers"],
  mix: ["dearer models", "cheaper models"],
  price: ["higher prices", "lower prices"],
};

const unchanged: Readonly<Record<string, string>> = {
  traffic: "requests",
  loops: "agent loops",
  retries: "retries",
  input: "prompt size",
  cache: "cache hits",
  output: "answer length",
  mix: "model mix",
  price: "prices",
};

/** What a factor did, by the sign of its amount. */
export function factorInWords(factor: string, amount: number): string {
  const [dearer, cheaper] = words[factor] ?? [factor, factor];
  if (amount === 0) return unchanged[factor] ?? factor;
  return amount > 0 ? dearer : cheaper;
}
