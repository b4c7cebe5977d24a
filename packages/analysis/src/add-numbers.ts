/**
 * Adds `count` numbers to those that begin at `to`.
 *
 * A function of its own, which many loops over rows call: so it is compiled once, and not in each of them.
 */
export function addNumbers(
  sums: Float64Array,
  to: number,
  numbers: Float64Array,
  from: number,
  count: number,
): void {
  for (let index = 0; index < count; index += 1) {
    sums[to + index] = (sums[to + index] ?? 0) + (numbers[from + index] ?? 0);
  }
}
