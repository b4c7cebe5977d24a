import type { Family, Labels, Sample } from "./family.ts";

/** Upper bounds in seconds: from a commit that a fast disk makes durable to one that a full disk holds up. */
export const secondsBounds = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30,
] as const;

interface Series {
  readonly labels: Labels;
  /** Per bound those up to it and above the one before; the last is for all above the last bound. */
  readonly counts: number[];
  sum: number;
}

/** How long things took, in seconds, in fixed steps; one for each combination of label values. */
export class Histogram<Name extends string = never> {
  readonly #family: Omit<Family, "samples">;
  readonly #series = new Map<string, Series>();

  /** @param known combinations that are shown before anything happened */
  constructor(name: string, help: string, known: readonly Readonly<Record<Name, string>>[] = []) {
    this.#family = { name, help, type: "histogram" };
    for (const labels of known) this.#seriesOf(labels);
  }

  observe(millis: number, labels: Readonly<Record<Name, string>>): void {
    const seconds = millis / 1000;
    const { counts } = this.#seriesOf(labels);
    const step = secondsBounds.findIndex((bound) => seconds <= bound);
    const index = step === -1 ? secondsBounds.length : step;
    counts[index] = (counts[index] ?? 0) + 1;
    this.#seriesOf(labels).sum += seconds;
  }

  #seriesOf(labels: Readonly<Record<Name, string>>): Series {
    const key = Object.values<string>(labels).join("\0");
    const known = this.#series.get(key);
    if (known !== undefined) return known;
    const series = { labels, counts: new Array<number>(secondsBounds.length + 1).fill(0), sum: 0 };
    this.#series.set(key, series);
    return series;
  }

  family(): Family {
    return { ...this.#family, samples: [...this.#series.values()].flatMap(samplesOf) };
  }
}

function samplesOf({ labels, counts, sum }: Series): Sample[] {
  let upTo = 0;
  const buckets = [...secondsBounds, "+Inf"].map((bound, index): Sample => {
    upTo += counts[index] ?? 0;
    return { suffix: "_bucket", labels: { ...labels, le: String(bound) }, value: upTo };
  });
  return [
    ...buckets,
    { suffix: "_sum", labels, value: sum },
    { suffix: "_count", labels, value: upTo },
  ];
}
