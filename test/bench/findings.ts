/** What one run of the benchmark found. Parts tell; the table of goals is made of what they told. */
export class Findings {
  readonly #values = new Map<string, number>();

  /** Tells a figure, and prints it. @param unit such as "µs CPU a span" */
  tell(name: Finding, value: number, unit: string): void {
    this.#values.set(name, value);
    console.log(`  ${name.padEnd(58)} ${figure(value).padStart(9)} ${unit}`);
  }

  /** A figure that was told; `undefined` where its part did not run. */
  get(name: Finding): number | undefined {
    return this.#values.get(name);
  }

  /** One figure divided by another, where both were told. */
  ratio(of: Finding, by: Finding): number | undefined {
    const [a, b] = [this.get(of), this.get(by)];
    return a === undefined || b === undefined ? undefined : a / b;
  }
}

/** What a figure is called. */
export type Finding = string;

/** Three digits that matter. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString("en-US");
  return value.toPrecision(3);
}
