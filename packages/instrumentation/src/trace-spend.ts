import type { PicoUsd } from "@spancost/pricing";

/** Traces in progress at a time. Two generations of it are held, some 2 MB. */
const generation = 5_000;

/** What each of the latest traces has spent in this process; older ones are forgotten. */
export class TraceSpend {
  #young = new Map<string, bigint>();
  #old = new Map<string, bigint>();

  /** Adds `cost` to a trace and returns its sum. */
  add(traceId: string, cost: PicoUsd): PicoUsd {
    const sum = (this.#young.get(traceId) ?? this.#old.get(traceId) ?? 0n) + cost;
    if (this.#young.size >= generation) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(traceId, sum);
    return sum as PicoUsd;
  }

  /** How many traces are held, of which some may be there twice. */
  get held(): number {
    return this.#young.size + this.#old.size;
  }
}
