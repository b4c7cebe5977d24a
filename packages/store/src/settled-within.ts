import { setTimeout as delay } from "node:timers/promises";
import type { DuckDBConnection } from "@duckdb/node-api";

/** What was acknowledged and is not in the figures yet, for more comes than is worked out, or the disk is full. */
export interface Behind {
  /** About how many spans; `undefined` where what the journal still holds has not been counted. */
  readonly spans: number | undefined;
  /**
   * Milliseconds since 1970: all that was acknowledged before is in the figures. `undefined` where that was before this
   * process began.
   */
  readonly since: number | undefined;
}

/** What is needed to wait for figures. */
export interface SettledOptions {
  /** Resolves once all that was acknowledged before is worked out; with false where that cannot be now. */
  settleAll(): Promise<boolean>;
  /** Spans that are durable and not in the database yet. */
  lagSpans(): number;
  connected<Result>(act: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Knows up to when all that was acknowledged is in the figures. */
export class Settled {
  readonly #options: SettledOptions;
  #until: number | undefined;

  constructor(options: SettledOptions) {
    this.#options = options;
  }

  /**
   * Waits until all that was acknowledged before is in the figures, but no longer than `patienceMs`. What is not in by
   * then is worked out all the same.
   *
   * @returns what is not in, or `undefined` for nothing
   */
  async within(patienceMs: number): Promise<Behind | undefined> {
    const settled = this.#all();
    if (patienceMs === Number.POSITIVE_INFINITY) {
      return (await settled) ? undefined : this.#behind();
    }
    const over = new AbortController();
    const late = delay(patienceMs, false, { signal: over.signal }).catch(() => false);
    try {
      if (await Promise.race([settled, late])) return undefined;
    } finally {
      over.abort();
      // Nobody may be waiting for it any more.
      settled.catch(() => undefined);
    }
    return this.#behind();
  }

  async #all(): Promise<boolean> {
    const begun = this.#options.now();
    const isComplete = await this.#options.settleAll();
    if (isComplete) this.#until = Math.max(begun, this.#until ?? begun);
    return isComplete;
  }

  async #behind(): Promise<Behind> {
    const since = this.#until;
    if (since === undefined) return { spans: undefined, since };
    const waiting = await this.#options.connected(async (connection) => {
      const reader = await connection.runAndReadAll(
        "select coalesce(sum(spans), 0)::double from dirty_traces",
      );
      return Number(reader.getRows()[0]?.[0]);
    });
    return { spans: this.#options.lagSpans() + waiting, since };
  }
}
