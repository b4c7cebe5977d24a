import type { Store } from "@spancost/store";
import { Counter } from "./counter.ts";
import { type Family, gauge } from "./family.ts";
import { Histogram } from "./histogram.ts";

/** How settling keeps up: the background's turns, each of which takes all traces that changed before it. */
export class SettlingWatch {
  readonly #seconds = new Histogram(
    "spancost_settle_seconds",
    "Turns of the background's settling, in which calls and costs of changed traces are worked out.",
    [{}],
  );
  readonly #traces = new Counter(
    "spancost_settled_traces_total",
    "Traces settled by those turns; one that gets spans later counts again. Questions settle some themselves.",
    [{}],
  );
  readonly #failures = new Counter("spancost_settle_failures_total", "Turns that failed.", [{}]);
  /** When the last turn began that is over: what was in the database by then is settled. */
  #settledUntil = performance.now();

  /** `store`, with its turns taken note of. */
  watch(store: Pick<Store, "settleInBackground">): Pick<Store, "settleInBackground"> {
    return {
      settleInBackground: async () => {
        const begun = performance.now();
        try {
          const traces = await store.settleInBackground();
          this.#traces.add(traces, {});
          this.#seconds.observe(performance.now() - begun, {});
          this.#settledUntil = begun;
          return traces;
        } catch (error) {
          this.#failures.add(1, {});
          throw error;
        }
      },
    };
  }

  families(): Family[] {
    return [
      this.#seconds.family(),
      this.#traces.family(),
      this.#failures.family(),
      gauge(
        "spancost_settle_lag_seconds",
        "How long ago a turn began that is over: costs of spans applied since may be missing in answers.",
        (performance.now() - this.#settledUntil) / 1000,
      ),
    ];
  }
}
