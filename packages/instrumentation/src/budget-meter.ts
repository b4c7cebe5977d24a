import { type PicoUsd, usdFromNumber, usdNumber } from "@spancost/pricing";
import type { Budget, BudgetEvent } from "./options.ts";

const periodMillis = { hour: 3_600_000, day: 86_400_000 } as const;

/** Adds up what is spent of one budget in its present hour or day (UTC), or since the process began. */
export class BudgetMeter {
  readonly budget: Budget;
  readonly #limit: bigint;
  #period = Number.NaN;
  #spent = 0n;
  #told = 0;

  /** @throws RangeError for a budget that is no positive amount, or has no known period */
  constructor(budget: Budget) {
    const limit = usdFromNumber(budget.usd);
    if (limit === undefined || limit <= 0n) {
      throw new RangeError(`a budget is a positive number of USD, not ${budget.usd}`);
    }
    if (!["hour", "day", "process"].includes(budget.per)) {
      throw new RangeError(`a budget is per "hour", "day" or "process", not "${budget.per}"`);
    }
    this.budget = budget;
    this.#limit = limit;
  }

  get spentUsd(): number {
    return usdNumber(this.#spent as PicoUsd);
  }

  /** Adds `cost` and returns the event that this causes, of several the furthest. */
  add(cost: PicoUsd, now: number): BudgetEvent | undefined {
    this.#turn(now);
    this.#spent += cost;
    const share = this.#spent >= this.#limit ? 1 : this.#spent * 5n >= this.#limit * 4n ? 0.8 : 0;
    if (share <= this.#told || share === 0) return undefined;
    this.#told = share;
    return { budget: this.budget, spentUsd: this.spentUsd, share };
  }

  isSpent(now: number): boolean {
    this.#turn(now);
    return this.#spent >= this.#limit;
  }

  concerns(feature: string | undefined): boolean {
    return this.budget.feature === undefined || this.budget.feature === feature;
  }

  /** Begins anew where another period has begun. A clock set back a little does not bring the last one back. */
  #turn(now: number): void {
    const { per } = this.budget;
    if (per === "process") return;
    const period = Math.floor(now / periodMillis[per]);
    if (period === this.#period || period === this.#period - 1 || Number.isNaN(period)) return;
    this.#period = period;
    this.#spent = 0n;
    this.#told = 0;
  }
}
