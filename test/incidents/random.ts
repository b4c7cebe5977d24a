/**
 * Random numbers from a key: the same key gives the same numbers, whatever else was drawn.
 *
 * So a week can be made twice, with an incident and without, and differ in nothing else.
 * Generator: mulberry32, public domain.
 */
export class Random {
  #state: number;

  constructor(...key: readonly number[]) {
    this.#state = mixed(key);
  }

  /** From 0, never 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let bits = this.#state;
    bits = Math.imul(bits ^ (bits >>> 15), bits | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.next();
  }

  /** Between two sizes, as often below their geometric mean as above. */
  scale(least: number, most: number): number {
    return least * (most / least) ** this.next();
  }

  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  pick<Entry>(entries: readonly Entry[]): Entry {
    const entry = entries[Math.floor(this.next() * entries.length)];
    if (entry === undefined) throw new Error("nothing to pick from");
    return entry;
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }

  /** Skewed as sizes are: `spread` 0.5 is a factor of 1.6 either way. */
  around(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal());
  }

  /** How often something happens that happens `mean` times on average. */
  poisson(mean: number): number {
    if (mean > 40) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    const least = Math.exp(-mean);
    let count = 0;
    for (let product = this.next(); product > least; product *= this.next()) count += 1;
    return count;
  }

  shuffled<Entry>(entries: readonly Entry[]): Entry[] {
    return entries
      .map((entry) => ({ entry, at: this.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ entry }) => entry);
  }
}

/** One number of 32 bits from several. Source: the finalizer of MurmurHash3, public domain. */
function mixed(key: readonly number[]): number {
  let hash = 0x9747b28c;
  for (const part of key) {
    hash = Math.imul(hash ^ part, 0xcc9e2d51);
    hash = Math.imul((hash << 15) | (hash >>> 17), 0x1b873593);
    hash ^= hash >>> 16;
    hash = Math.imul(hash, 0x85ebca6b);
    hash ^= hash >>> 13;
  }
  return hash >>> 0;
}
