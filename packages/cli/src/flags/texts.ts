import { UsageError } from "../errors.ts";
import { didYouMean } from "../suggest.ts";

/**
 * What was asked, as texts by name: the flags of a command, or the parameters of a URL. Both are read by the
 * same code, so that both mean the same.
 */
export class Texts {
  readonly #texts: ReadonlyMap<string, readonly string[]>;

  constructor(texts: Iterable<readonly [string, readonly string[]]>) {
    // Of texts that are called alike the last count: an empty list takes a name away.
    this.#texts = new Map([...new Map(texts)].filter(([, values]) => values.length > 0));
  }

  /** The parameters of a URL. */
  static fromUrl(params: URLSearchParams): Texts {
    return new Texts([...new Set(params.keys())].map((name) => [name, params.getAll(name)]));
  }

  /** The last text called `name`, as a flag that is given twice means the last. */
  one(name: string): string | undefined {
    return this.#texts.get(name)?.at(-1);
  }

  /** All texts called `name`, in order. */
  all(name: string): readonly string[] {
    return this.#texts.get(name) ?? [];
  }

  /** True for a flag that is given without a value, and for `name=true` or `name=1` in a URL. */
  isSet(name: string): boolean {
    const text = this.one(name);
    return text !== undefined && text !== "false" && text !== "0";
  }

  /** @throws UsageError where a text is called by another name than these */
  allow(names: readonly string[]): void {
    for (const name of this.#texts.keys()) {
      if (names.includes(name)) continue;
      throw new UsageError(
        `there is no parameter "${name}".${didYouMean(name, names)} Parameters are ${names.join(", ")}.`,
      );
    }
  }

  /** These texts, with others in the place of those that are called alike. */
  with(others: Iterable<readonly [string, readonly string[]]>): Texts {
    return new Texts([...this.#texts, ...others]);
  }

  /** As the body of a request. */
  toObject(): Readonly<Record<string, readonly string[]>> {
    return Object.fromEntries(this.#texts);
  }

  toUrl(): URLSearchParams {
    const params = new URLSearchParams();
    for (const [name, values] of this.#texts) {
      for (const value of values) params.append(name, value);
    }
    return params;
  }
}

/**
 * A whole number of at least `min`.
 *
 * @throws UsageError for anything else
 */
export function wholeNumber(flag: string, text: string, min: number, max = 1e9): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new UsageError(`--${flag} takes a whole number from ${min} to ${max}, not "${text}".`);
}
