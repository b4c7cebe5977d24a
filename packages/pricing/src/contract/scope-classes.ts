import { BoundedMemo } from "../bounded-memo.ts";
import type { Contract, Patterns } from "./contract.ts";
import { fitsValue } from "./patterns.ts";

/** Values in use at a time; a service has few accounts and regions, a stranger may send any number. */
const memoSize = 1_000;

/** Longer ones are no account and no region; they are not kept. */
const maxLength = 256;

/**
 * Tells apart as many accounts, or regions, as a contract does, however many there are: two in the same class
 * fit the same entries. Without an entry that asks for one there is one class.
 */
export class ScopeClasses {
  readonly #patterns: readonly Patterns[];
  readonly #memo = new BoundedMemo<string>(memoSize);

  constructor(contract: Contract | undefined, scope: "account" | "region") {
    const all = (contract?.prices ?? []).flatMap((entry) => entry[scope] ?? []);
    this.#patterns = [...new Set(all)].map((pattern) => [pattern]);
  }

  /** A short text, the same for all values of a class. */
  of(value: string | undefined): string {
    if (this.#patterns.length === 0 || value === undefined || value.length > maxLength) return "";
    const known = this.#memo.get(value);
    if (known !== undefined) return known;
    const fitting = this.#patterns.flatMap((patterns, i) =>
      fitsValue(patterns, value) ? [i] : [],
    );
    const name = fitting.join(",");
    this.#memo.set(value, name);
    return name;
  }
}
