/**
 * Chance, keyed by what it decides: the same key gives the same numbers, whatever else was drawn before. So a world with
 * a cause and the same world without it differ by the cause alone.
 */
export class Draw {
  #state: number;

  constructor(...key: readonly (string | number)[]) {
    this.#state = hash(key.join("\u0000"));
  }

  /** In [0, 1); after G. Marsaglia's xorshift, mixed as in "mulberry32". */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(low: number, high: number): number {
    return low + (high - low) * this.unit();
  }

  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.unit())) * Math.cos(2 * Math.PI * this.unit());
  }

  /** With this median; `spread` is the standard deviation of its logarithm. */
  logNormal(median: number, spread: number): number {
    return median * Math.exp(spread * this.normal());
  }

  /** How many of what comes `mean` times on average. */
  poisson(mean: number): number {
    if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * this.normal()));
    let [count, left] = [0, this.unit()];
    for (const limit = Math.exp(-mean); left > limit; count++) left *= this.unit();
    return count;
  }

  /** 1 or more, `mean` on average; without memory. */
  geometric(mean: number): number {
    if (mean <= 1) return 1;
    return 1 + Math.floor(Math.log(1 - this.unit()) / Math.log(1 - 1 / mean));
  }

  pick<T>(items: readonly T[]): T {
    return items[Math.floor(this.unit() * items.length)] as T;
  }

  weighted<T>(items: readonly T[], weights: readonly number[]): T {
    let left = this.unit() * weights.reduce((sum, weight) => sum + weight, 0);
    const chosen = items.find((_, index) => {
      left -= weights[index] as number;
      return left < 0;
    });
    return chosen ?? (items.at(-1) as T);
  }
}

/** FNV-1a, and the last mixing steps of MurmurHash3. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  }
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
