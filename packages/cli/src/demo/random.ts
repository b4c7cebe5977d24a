/**
 * Random numbers that are the same in every run. Good enough to look like traffic, and nothing else.
 *
 * Generator: mulberry32, public domain.
 */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** From 0, never 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  pick<Entry>(entries: readonly [Entry, ...Entry[]]): Entry {
    return entries[Math.floor(this.next() * entries.length)] ?? entries[0];
  }

  /** Around `median`, skewed as sizes and durations are; `spread` 0.5 is a factor of 1.6 either way. */
  around(median: number, spread: number): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return median * Math.exp(spread * normal);
  }

  /** How often something happens that happens `mean` times on average. */
  poisson(mean: number): number {
    const least = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > least; product *= this.next()) count += 1;
    return count;
  }

  /** The number of one of `count` members, where few are very busy: the first most of all. */
  busyMember(count: number): number {
    return Math.floor(count ** this.next()) - 1;
  }

  hex(digits: number): string {
    let text = "";
    while (text.length < digits) {
      text += Math.floor(this.next() * 2 ** 32)
        .toString(16)
        .padStart(8, "0");
    }
    return text.slice(0, digits);
  }
}
