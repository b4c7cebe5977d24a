import type { StoreStatus } from "@spancost/store";
import type { Invariants } from "../invariants.ts";

/**
 * Checks, each time that the store tells its state, that durable spans are in the database or wait for it.
 *
 * What waits is compared as of the time before: spans move from one count to the other, and the two are not read
 * in the same instant. A span that waited then is applied now, or waits in what is not counted.
 */
export class AppliedCheck {
  readonly #invariants: Invariants;
  #before: { readonly durable: number; readonly lagSpans: number } | undefined;

  constructor(invariants: Invariants) {
    this.#invariants = invariants;
  }

  /** @param durable spans made durable by this process, counted before `store` was asked for */
  check(durable: number, { journal }: StoreStatus): void {
    if (journal === undefined) return;
    const { lagSpans, appliedSpans, failures } = journal;
    const before = this.#before;
    this.#before = { durable, lagSpans };
    // A commit may fail and be durable all the same: its spans are in the database then, and not in the count.
    if (failures > 0) return;
    const missing = (before?.durable ?? 0) - (before?.lagSpans ?? 0) - appliedSpans;
    this.#invariants.found("applied", Math.max(0, missing, -lagSpans));
  }
}
