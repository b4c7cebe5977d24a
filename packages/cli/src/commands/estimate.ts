/** Six digits of an amount that is no sum of money but a guess, a mean or a median. */
export function estimate(dollars: number | undefined): number | null {
  return dollars === undefined ? null : Number(dollars.toPrecision(6));
}
