import type { Family, Labels } from "./family.ts";

/** A number that only grows, one for each combination of label values. */
export class Counter<Name extends string = never> {
  readonly #family: Omit<Family, "samples">;
  readonly #series = new Map<string, { readonly labels: Labels; value: number }>();

  /** @param known combinations that are shown as 0 before anything happened, so that the first event is seen as growth */
  constructor(name: string, help: string, known: readonly Readonly<Record<Name, string>>[] = []) {
    this.#family = { name, help, type: "counter" };
    for (const labels of known) this.add(0, labels);
  }

  /** @param by not negative */
  add(by: number, labels: Readonly<Record<Name, string>>): void {
    const key = Object.values<string>(labels).join("\0");
    const series = this.#series.get(key);
    if (series === undefined) this.#series.set(key, { labels, value: by });
    else series.value += by;
  }

  family(): Family {
    const samples = [...this.#series.values()].map(({ labels, value }) => ({ labels, value }));
    return { ...this.#family, samples };
  }
}
