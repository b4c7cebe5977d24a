/** How deviations are spread where nothing happened: the density of one of them, whichever its sign. */
export interface NullLaw {
  /** The logarithm of the density at so far from 0, either way. */
  logDensity(distance: number): number;
  /** A standard deviation, from the median. */
  readonly sigma: number;
}

/** Deviations are told apart no further than this. */
const finest = 1e-3;

const knotCount = 40;

/** From this share on the tail is extrapolated, for there are too few to count. */
const tailFrom = 0.99;

/**
 * The law of the distances of leaves that deviate the other way than the cause: on their side nothing happened, and
 * chance has no favourite side.
 *
 * Between quantiles the density is constant; beyond the last the hazard grows in proportion, as a normal tail's does.
 */
export function nullLawOf(distances: Float64Array): NullLaw {
  const sorted = distances.toSorted();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const sigma = Math.max(finest, 1.4826 * at(0.5));
  const edges = [0];
  const densities: number[] = [];
  let shareBefore = 0;
  for (let knot = 1; knot <= knotCount; knot += 1) {
    const share = (tailFrom * knot) / knotCount;
    const last = edges.at(-1) ?? 0;
    const edge = at(share);
    if (edge < last + finest && knot < knotCount) continue;
    const width = Math.max(finest, edge - last);
    edges.push(last + width);
    densities.push((share - shareBefore) / width);
    shareBefore = share;
  }
  const start = edges.at(-1) ?? finest;
  const left = 1 - tailFrom;
  const excess = sorted.filter((distance) => distance > start);
  // Of a hazard h t / start the mean of t² - start² beyond the start is 2 start / h.
  const mean = excess.reduce((sum, t) => sum + t * t - start * start, 0) / excess.length;
  const hazard = excess.length > 0 && mean > 0 ? (2 * start) / mean : 3 / start;
  return {
    sigma,
    logDensity(distance) {
      // Half of the deviations are on either side.
      const half = Math.log(0.5);
      if (distance >= start) {
        const fall = (hazard * (distance * distance - start * start)) / (2 * start);
        return half + Math.log((left * hazard * distance) / start) - fall;
      }
      let bin = 0;
      while (bin + 1 < densities.length && distance >= (edges[bin + 1] ?? 0)) bin += 1;
      return half + Math.log(densities[bin] ?? finest);
    },
  };
}
