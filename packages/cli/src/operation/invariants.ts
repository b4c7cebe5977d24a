import type { Log } from "./log/log.ts";
import { Counter } from "./metrics/counter.ts";
import type { Family } from "./metrics/family.ts";

/** What holds whatever happens. Where it does not, a number of spancost is wrong, and it says so itself. */
export const invariants = {
  acknowledged: "no span is acknowledged that is not durable",
  applied: "every durable span is in the database or waits for it",
  records: "a record's cost is the sum of its parts and not negative, or unknown with a reason",
  sums: "the spend by each dimension adds up to all of it",
} as const;

export type Invariant = keyof typeof invariants;

/** Counts invariants that were found not to hold. */
export class Invariants {
  readonly #log: Log;
  readonly #violations: Counter<"invariant">;
  readonly #found = new Map<Invariant, number>();

  constructor(log: Log) {
    this.#log = log;
    this.#violations = new Counter(
      "spancost_invariant_violations_total",
      "Times that an invariant was found not to hold. Anything but 0 is a fault of spancost.",
      Object.keys(invariants).map((invariant) => ({ invariant })),
    );
  }

  /**
   * Takes note of how many things break an invariant now. The same ones found again are not counted again.
   *
   * @param count 0 where it holds
   */
  found(invariant: Invariant, count: number): void {
    const more = count - (this.#found.get(invariant) ?? 0);
    this.#found.set(invariant, count);
    if (more <= 0) return;
    this.#violations.add(more, { invariant });
    this.#log.error("invariant.violated", `it does not hold that ${invariants[invariant]}`, {
      invariant,
      count,
    });
  }

  family(): Family {
    return this.#violations.family();
  }
}
