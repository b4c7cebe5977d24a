import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Forwarder, SpanSink } from "@spancost/receiver";
import type { Span } from "@spancost/records";
import type { Store } from "@spancost/store";
import type { BudgetWatch } from "../budgets/budget-watch.ts";
import type { Cell } from "../envelope/envelope.ts";
import { ExactNumber } from "../envelope/exact-number.ts";
import { toJson } from "../envelope/write-json.ts";
import { instantAt } from "../flags/time.ts";
import { version } from "../version.ts";
import { LoopLag } from "./health/loop-lag.ts";
import { readinessOf } from "./health/readiness.ts";
import { Invariants } from "./invariants.ts";
import type { Log } from "./log/log.ts";
import { AppliedCheck } from "./metrics/applied-check.ts";
import { budgetFamilies } from "./metrics/budget-families.ts";
import { expositionType, toExposition } from "./metrics/exposition.ts";
import type { Family, Sample } from "./metrics/family.ts";
import { forwardFamilies } from "./metrics/forward-families.ts";
import { LastKnown } from "./metrics/last-known.ts";
import { openFiles, processFamilies } from "./metrics/process-families.ts";
import { SettlingWatch } from "./metrics/settling.ts";
import { checkSpend, readSpend, type Spend, spendFamilies } from "./metrics/spend.ts";
import { type StoreState, storeFamilies } from "./metrics/store-families.ts";
import { type AnsweredRequest, Traffic } from "./metrics/traffic.ts";
import { tellOfRefusal } from "./refused-sender.ts";

/** What there is to look after. */
export interface OperationOptions {
  readonly store: Pick<Store, "file" | "status" | "reader">;
  readonly log: Log;
  /** Where spans are forwarded to; left out: nowhere. */
  readonly forwarder?: Pick<Forwarder, "counters"> | undefined;
  /** How it stands with budgets; left out: there are none. */
  readonly budgets?: Pick<BudgetWatch, "last"> | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

/** An answer to a monitoring system. */
export interface Page {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** Milliseconds that spend is waited for until it is all of what was acknowledged; the lag is told beside it. */
const patienceMs = 10_000;

/** Loop lag in milliseconds from which on a process is taken for dead. */
const deadMs = 5_000;

/** Counts what a receiver does, and tells whether it is well. */
export class Operation {
  readonly #options: OperationOptions;
  readonly #invariants: Invariants;
  readonly #traffic: Traffic;
  readonly #settling = new SettlingWatch();
  readonly #applied: AppliedCheck;
  readonly #loop: LoopLag;
  readonly #state: LastKnown<StoreState>;
  readonly #spend: LastKnown<Spend>;
  readonly #files = new LastKnown({
    read: openFiles,
    pauseMs: 1_000,
    patienceMs: 1_000,
    giveUpMs: 60_000,
    onFailure: () => undefined,
  });
  readonly #startedAt: number;
  #stopping = false;

  constructor(options: OperationOptions) {
    const { store, log, now } = options;
    this.#options = options;
    this.#startedAt = now();
    this.#invariants = new Invariants(log);
    this.#traffic = new Traffic(this.#invariants);
    this.#applied = new AppliedCheck(this.#invariants);
    this.#loop = new LoopLag((millis) =>
      log.warn("loop.stalled", "the process stood still", { millis: Math.round(millis) }),
    );
    const onFailure = (error: unknown) => log.failure("metrics.failed", error);
    this.#state = new LastKnown({
      read: () => this.#readState(),
      pauseMs: 1_000,
      patienceMs: 1_000,
      giveUpMs: 60_000,
      onFailure,
    });
    this.#spend = new LastKnown({
      read: async (signal) => {
        const spend = await readSpend(store.reader(signal, patienceMs), now());
        checkSpend(spend, this.#invariants);
        return spend;
      },
      pauseMs: 15_000,
      patienceMs: 1_000,
      giveUpMs: 60_000,
      onFailure,
    });
  }

  /** Takes note of an answer to a sender: for a receiver's `onAnswer`. */
  readonly answered = (request: AnsweredRequest): void => {
    this.#traffic.answered(request);
    tellOfRefusal(this.#options.log, request);
  };

  /** A sink for the receiver that takes note of what `sink` does. */
  watchSink<Row = Span>(sink: SpanSink<Row>): SpanSink<Row> {
    return this.#traffic.watch(sink);
  }

  /** A store for the settling in the background that takes note of its turns. */
  watchSettling(store: Pick<Store, "settleInBackground">): Pick<Store, "settleInBackground"> {
    return this.#settling.watch(store);
  }

  /** From now on it is not ready. */
  beginStop(): void {
    this.#stopping = true;
  }

  /** What everybody may know: `/livez` and `/readyz`. */
  async probe(path: string): Promise<Page | undefined> {
    switch (path) {
      case "/livez":
        return this.#liveness();
      case "/readyz":
        return this.#readiness();
      default:
        return undefined;
    }
  }

  /** What only those may see who may read: `/metrics` and `/statusz`. */
  async report(path: string): Promise<Page | undefined> {
    switch (path) {
      case "/metrics":
        return { status: 200, type: expositionType, text: toExposition(await this.families()) };
      case "/statusz":
        return this.#statusz();
      default:
        return undefined;
    }
  }

  /** Everything that is counted, by topic. Waits no longer than a second for what is slow. */
  async families(): Promise<readonly Family[]> {
    const { log, forwarder, now } = this.#options;
    const [state, spend, files] = await Promise.all([
      this.#state.get(),
      this.#spend.get(),
      this.#files.get(),
    ]);
    return [
      ...this.#traffic.families(),
      ...storeFamilies(state, now()),
      ...this.#settling.families(),
      ...spendFamilies(spend),
      ...budgetFamilies(this.#options.budgets?.last),
      ...forwardFamilies(forwarder?.counters() ?? []),
      this.#invariants.family(),
      log.family(),
      ...processFamilies(files?.value),
      ...this.#loop.families(),
    ];
  }

  /** Breaks off what it is reading, and reads no more. Before the store is closed. */
  close(): void {
    this.#loop.stop();
    for (const read of [this.#state, this.#spend, this.#files]) read.close();
  }

  async #readState(): Promise<StoreState> {
    const { store } = this.#options;
    const durable = this.#traffic.durableSpans;
    const status = await store.status();
    this.#applied.check(durable, status);
    const { bavail, blocks, bsize } = await statfs(dirname(store.file));
    return {
      store: status,
      disk: { freeBytes: bavail * bsize, totalBytes: blocks * bsize },
    };
  }

  #liveness(): Page {
    const lag = Math.round(this.#loop.latelyMs);
    const lives = lag < deadMs;
    return json(lives ? 200 : 503, {
      status: lives ? "ok" : "stalled",
      pid: process.pid,
      version,
      loop_lag_ms: lag,
    });
  }

  async #readiness(): Promise<Page> {
    const { ready, status, reason } = readinessOf(await this.#state.get(), this.#stopping);
    return json(ready ? 200 : 503, { status, ...(reason === undefined ? {} : { reason }) });
  }

  async #statusz(): Promise<Page> {
    const families = await this.families();
    const state = await this.#state.get();
    const { ready, status, reason = null } = readinessOf(state, this.#stopping);
    return json(200, {
      schema: "spancost/status@1",
      version,
      pid: process.pid,
      started_at: instantAt(this.#startedAt),
      readiness: { ready, status, reason },
      newest_snapshot_at: state?.value.store.newestSnapshotAt ?? null,
      metrics: Object.fromEntries(families.map((family) => [family.name, valuesOf(family)])),
    });
  }
}

function json(status: number, value: Cell): Page {
  return { status, type: "application/json", text: `${toJson(value)}\n` };
}

/** The number itself where there is but one; of a histogram how many there were, and their sum. */
function valuesOf({ samples }: Family): Cell {
  const told = samples.filter(({ suffix }) => suffix !== "_bucket");
  const [only] = told;
  if (told.length === 1 && only !== undefined && Object.keys(only.labels).length === 0) {
    return numberOf(only);
  }
  return told.map((sample) => ({
    ...sample.labels,
    [sample.suffix?.slice(1) ?? "value"]: numberOf(sample),
  }));
}

function numberOf({ value }: Sample): Cell {
  if (typeof value === "string") return new ExactNumber(value);
  return Number.isFinite(value) ? value : null;
}
