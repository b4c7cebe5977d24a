import { numberCount } from "../numbering.ts";
import { type Ledger, width } from "./ledger.ts";

/** As if so many runs of an asker had been like those of the whole context. */
const pooledRuns = 20;

const logical = 1;

/** How many runs there were, by who asks, and how many calls of each role they had. */
export class Runs {
  readonly #ledger: Ledger;
  readonly #before: Float64Array;
  readonly #ofAskerBefore: Float64Array;
  readonly #ofAskerAfter: Float64Array;
  readonly #ofContextBefore: Float64Array;
  readonly #ofContextAfter: Float64Array;
  readonly #callsOfRole: Float64Array;

  /** @param before, after sums of slots: see `sumNames` */
  constructor(ledger: Ledger, before: Float64Array, after: Float64Array) {
    const { askers, contexts, roles, isFirst, count } = ledger;
    const firsts = (groups: Int32Array, sums: Float64Array, all: boolean) => {
      const grouped = new Float64Array(numberCount(groups));
      for (let slot = 0; slot < count; slot += 1) {
        if (!all && isFirst[slot] === 0) continue;
        const group = groups[slot] ?? 0;
        grouped[group] = (grouped[group] ?? 0) + (sums[slot * width + logical] ?? 0);
      }
      return grouped;
    };
    this.#ledger = ledger;
    this.#before = before;
    this.#ofAskerBefore = firsts(askers, before, false);
    this.#ofAskerAfter = firsts(askers, after, false);
    this.#ofContextBefore = firsts(contexts, before, false);
    this.#ofContextAfter = firsts(contexts, after, false);
    this.#callsOfRole = firsts(roles, before, true);
  }

  /**
   * Calls that the runs of a period usually have: those of its asker, as often as in the asker's runs before, or
   * where these are few in all runs of the context. So a region with more runs does not look like one with longer runs.
   *
   * NaN where calls begin runs, or where there were no runs on one side: how many there are is traffic then.
   */
  expectedCalls(slot: number): number {
    const { askers, contexts, roles, isFirst } = this.#ledger;
    const context = contexts[slot] ?? 0;
    const all = this.#ofContextBefore[context] ?? 0;
    const isNone = isFirst[slot] === 1 || all === 0 || (this.#ofContextAfter[context] ?? 0) === 0;
    if (isNone) return Number.NaN;
    const perRun = (this.#callsOfRole[roles[slot] ?? 0] ?? 0) / all;
    const asker = askers[slot] ?? 0;
    const callsBefore = this.#before[slot * width + logical] ?? 0;
    const runs = this.#ofAskerBefore[asker] ?? 0;
    const usual = (callsBefore + pooledRuns * perRun) / (runs + pooledRuns);
    return usual * (this.#ofAskerAfter[asker] ?? 0);
  }
}
