/** Numbers from 0 to 1 that are the same in every run: a linear congruential generator, Numerical Recipes' constants. */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** The lower digits of `value`, a whole number, in hex. */
export function hex(value: number, digits: number): string {
  return Math.floor(value).toString(16).padStart(digits, "0").slice(-digits);
}
