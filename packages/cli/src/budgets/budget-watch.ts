import { setTimeout as delay } from "node:timers/promises";
import type { PriceBook } from "@spancost/pricing";
import type { Store } from "@spancost/store";
import { type CheckEnvelope, check } from "../commands/check.ts";
import type { Row } from "../envelope/envelope.ts";
import { Texts } from "../flags/texts.ts";
import type { Log } from "../operation/log/log.ts";
import { answerAsOf } from "../sources/as-of-run.ts";
import type { BudgetsText } from "./budgets-file.ts";
import { notify } from "./notify.ts";

/** What budgets are watched by. */
export interface BudgetWatchOptions {
  readonly store: Pick<Store, "reader">;
  readonly prices: () => PriceBook;
  readonly budgets: () => BudgetsText;
  /** Told of each change; left out: only the log and the metrics tell of it. */
  readonly notifyUrl: URL | undefined;
  readonly log: Pick<Log, "info" | "warn" | "failure">;
  /** Milliseconds since 1970. */
  now(): number;
  /** Milliseconds until the next look, after one that took so many. Default: `usualPause`. */
  pause?(tookMs: number): number;
}

/** A minute; after a look that took long a pause 50 times as long: watching never takes much of a machine. */
function usualPause(tookMs: number): number {
  return Math.max(60_000, 50 * tookMs);
}

/** Milliseconds that a look waits for what is not worked out yet, and after which it is broken off. */
const patienceMs = 10_000;
const giveUpMs = 60_000;

/** Looks at budgets while a receiver runs, and tells when one is breached, close to it, or well again. */
export class BudgetWatch {
  readonly #options: BudgetWatchOptions;
  readonly #stopped = new AbortController();
  #last: CheckEnvelope | undefined;
  /** Rows that were not well when it was last told of. */
  #told = new Map<string, Row>();

  constructor(options: BudgetWatchOptions) {
    this.#options = options;
    void this.#run();
  }

  /** How it stood at the last look; `undefined` before the first, and where nothing is stored of then. */
  get last(): CheckEnvelope | undefined {
    return this.#last;
  }

  stop(): void {
    this.#stopped.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const begun = performance.now();
      await this.#look().catch((error: unknown) => {
        if (!signal.aborted) this.#options.log.failure("budgets.failed", error);
      });
      const pauseMs = (this.#options.pause ?? usualPause)(performance.now() - begun);
      await delay(pauseMs, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const { store, prices, budgets, now } = this.#options;
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(giveUpMs)]);
    const world = {
      reader: store.reader(signal, patienceMs),
      prices: prices(),
      budgets: budgets(),
    };
    const texts = new Texts([]);
    const answer = await answerAsOf(check, texts, check.prepare(texts, now()), world);
    const envelope = answer as CheckEnvelope;
    const isKnown = envelope.no_data !== true;
    this.#last = isKnown ? envelope : undefined;
    // What is unknown is not well again.
    if (isKnown) await this.#tell(envelope);
  }

  async #tell(envelope: CheckEnvelope): Promise<void> {
    const { log, notifyUrl } = this.#options;
    const unwell = new Map(
      envelope.rows
        .filter(({ state }) => state === "alert" || state === "breach")
        .map((row) => [JSON.stringify([row["budget"], row["value"], row["since"]]), row]),
    );
    const before = this.#told;
    const isSame =
      unwell.size === before.size &&
      [...unwell].every(([key, { state }]) => before.get(key)?.["state"] === state);
    if (isSame) return;
    this.#told = unwell;
    const state = unwell.size === 0 ? "ok" : envelope.state;
    log.info("budgets.changed", shortText([...unwell.values()]), { state });
    if (notifyUrl === undefined) return;
    await notify(notifyUrl, envelope).catch((error: unknown) => {
      // It is tried again at the next look.
      this.#told = before;
      throw error;
    });
  }
}

/** "breach: search; alert: teams (core)". */
function shortText(unwell: readonly Row[]): string {
  if (unwell.length === 0) return "all within budget again";
  return ["breach", "alert"]
    .map((state) => [state, unwell.filter((row) => row["state"] === state)] as const)
    .filter(([, rows]) => rows.length > 0)
    .map(([state, rows]) => `${state}: ${rows.map(nameOf).join(", ")}`)
    .join("; ");
}

function nameOf({ budget, value }: Row): string {
  return value === null ? String(budget) : `${budget} (${value})`;
}
