import { factorOf } from "./contributions.ts";
import { conditionsOf, type Segment } from "./dimensions.ts";
import type { RateErrors, RateFactor } from "./rate-errors.ts";
import { rateFactors } from "./rate-errors.ts";
import type { Scored } from "./scoring.ts";
import { segmentOf } from "./spend-table.ts";

/** By so many standard errors a rate has to have changed. */
const leastErrors = 3;

/** At once so many are asked. */
const mostAsked = 3;

/** A change that may be one of a few dear requests, and is to be looked at. */
interface Doubt {
  readonly segment: Segment;
  readonly factor: RateFactor;
  readonly sign: number;
  readonly key: string;
}

/**
 * Changes of a rate that would be told if they were not too few requests' by what the squares of costs say.
 *
 * Those squares cannot tell one dear request from many that became dearer. Who knows each request's rate can, which takes a
 * question to the database: the search goes on without them, they are asked for, and it is made again.
 */
export class Doubts {
  readonly #open = new Map<string, Doubt>();
  readonly #answers = new Map<string, boolean>();

  /** Whether it is known to be more than chance; what is not known is asked for. */
  isReal({ candidate, measure, change }: Scored): boolean {
    const factor = rateFactors.find((one) => one === factorOf(measure));
    if (factor === undefined) return false;
    const segment = segmentOf(candidate.conditions);
    const names = conditionsOf(segment).map((condition) => JSON.stringify(condition));
    const key = [factor, Math.sign(change), ...names.sort()].join();
    const answer = this.#answers.get(key);
    if (answer === undefined && this.#open.size < mostAsked) {
      this.#open.set(key, { segment, factor, sign: Math.sign(change), key });
    }
    return answer ?? false;
  }

  /** @returns whether there was something to ask, so that the search may find more now */
  async ask(errorsOf: (segment: Segment) => Promise<RateErrors>): Promise<boolean> {
    const asked = [...this.#open.values()];
    this.#open.clear();
    for (const { segment, factor, sign, key } of asked) {
      const errors = (await errorsOf(segment)).get(factor) ?? 0;
      const isReal = errors * sign >= leastErrors;
      this.#answers.set(key, isReal);
    }
    return asked.length > 0;
  }
}
