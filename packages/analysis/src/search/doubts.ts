import { conditionsOf, type Dimension, roleOf, type Segment } from "../dimensions.ts";
import { factorOf } from "../ledger/contributions.ts";
import { isOfRate, type RateErrors, type RateFactor } from "../reading/rate-errors.ts";
import { namesPerson, type Scored } from "./scoring.ts";
import { type Condition, segmentOf } from "./spend-table.ts";

/** By so many standard errors a rate has to have changed: there are hundreds of names to find one in that did by chance. */
const leastErrors = 4.5;

/** And by so many at least where sums say that it did. */
const leastErrorsBeside = 3;

/** So many changes are looked at at once, and at all: each takes a question. */
const mostAtOnce = 6;
const mostAsked = 36;

/** Changes that differ by less are nearly always the same by another name, of which the first is looked at. */
const same = 0.005;

/** As much as that share of the largest change is about as much. */
const about = 0.8;

/** Of what is as many standard errors the simpler name is told. */
const sureEnough = 20;

/** A change that is more than chance. */
interface Real {
  readonly one: Scored;
  readonly doubt: Doubt;
  readonly errors: number;
}

interface RateChange {
  readonly factor: RateFactor;
  readonly change: number;
}

/** A change of a rate that can be looked at. */
interface Doubt extends RateChange {
  /** Of the segment. */
  readonly key: string;
  readonly segment: Segment;
}

/**
 * Changes of rates that sums over a segment cannot tell from a few dear requests.
 *
 * Who knows each request's rate can, which takes a question to the database: the search goes on without them, they are asked
 * for, and it is made again.
 */
export class Doubts {
  /** By segment: an answer has all of its rates. */
  readonly #open = new Map<string, Doubt>();
  readonly #known = new Map<string, RateErrors>();
  /** Changes that were no more than chance, each once. */
  readonly #refuted = new Map<string, RateChange>();
  #mostAsked = mostAsked;

  /** Whether it is known to be more than chance; what is not known is asked for. */
  isReal(one: Scored): boolean {
    const doubt = toDoubt(one);
    return doubt !== undefined && this.#errorsOf(doubt) >= leastErrors;
  }

  /**
   * Whether a change is known to be no more than chance would do, by its own name or by another of about as large a change.
   * What is not known is asked for; where so much was asked that no more is, nobody says that it is more than chance. But of
   * how long the few runs of one user are their own days say more.
   */
  isRefuted(one: Scored): boolean {
    const change = toChange(one);
    if (change === undefined) return false;
    if (change.factor === "loops" && namesPerson(one.candidate.conditions)) return false;
    const doubt = toDoubt(one);
    const isKnown = doubt !== undefined && this.#known.has(doubt.key);
    if (!isKnown && [...this.#refuted.values()].some((other) => isAbout(change, other)))
      return true;
    if (doubt === undefined || this.#errorsOf(doubt) >= leastErrorsBeside) return false;
    if (!isKnown) return this.#known.size >= this.#mostAsked;
    this.#refuted.set([doubt.factor, doubt.change, doubt.key].join(), doubt);
    return true;
  }

  /**
   * The surest of the largest changes of rates that are known to be more than chance. While one that may be is not known it is
   * asked for, and there is none.
   */
  surest(all: readonly Scored[], isCandidate: (one: Scored) => boolean): Scored | undefined {
    const openBefore = this.#open.size;
    const real: Real[] = [];
    for (const one of all.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change))) {
      const [largest] = real;
      if (largest && Math.abs(one.change) < about * Math.abs(largest.one.change)) break;
      const doubt = toDoubt(one);
      if (doubt === undefined || !isCandidate(one)) continue;
      if (this.#isKnownByAnotherName(doubt, real)) continue;
      const errors = Math.min(sureEnough, this.#errorsOf(doubt));
      if (errors >= leastErrors) real.push({ one, doubt, errors });
    }
    const [best] = real.sort((a, b) => b.errors - a.errors || lengthOf(a) - lengthOf(b));
    return this.#open.size > openBefore ? undefined : best?.one;
  }

  /** From now on nothing more is asked. */
  decide(): void {
    this.#mostAsked = 0;
  }

  #isKnownByAnotherName(doubt: Doubt, real: readonly Real[]): boolean {
    return !this.#known.has(doubt.key) && real.some(({ doubt: other }) => isSame(doubt, other));
  }

  /** In standard errors, positive where the rate changed the way the cost did; 0 where it is not known. */
  #errorsOf(doubt: Doubt): number {
    const known = this.#known.get(doubt.key);
    if (known !== undefined) return known(doubt.factor) * Math.sign(doubt.change);
    const isFull =
      this.#open.size >= mostAtOnce || this.#open.size + this.#known.size >= this.#mostAsked;
    if (!isFull && ![...this.#open.values()].some((other) => isSame(doubt, other))) {
      this.#open.set(doubt.key, doubt);
    }
    return 0;
  }

  /** @returns whether there was something to ask, so that the search may find more now */
  async ask(errorsOf: (segment: Segment) => Promise<RateErrors>): Promise<boolean> {
    const asked = [...this.#open.values()];
    this.#open.clear();
    for (const { key, segment } of asked) this.#known.set(key, await errorsOf(segment));
    return asked.length > 0;
  }
}

/** `undefined` of what is no rate's. */
function toChange({ measure, change }: Scored): RateChange | undefined {
  const factor = factorOf(measure);
  return isOfRate(factor) ? { factor, change } : undefined;
}

/** `undefined` of what is no rate's change, or compared with nothing. */
function toDoubt(one: Scored): Doubt | undefined {
  const change = toChange(one);
  const { candidate } = one;
  if (change === undefined || !isComparable(change.factor, candidate.conditions)) return undefined;
  const segment = segmentOf(candidate.conditions);
  const names = conditionsOf(segment).map((condition) => JSON.stringify(condition));
  return { key: names.sort().join(), segment, ...change };
}

/**
 * A release or a version of a prompt is compared with what the same feature, agent or prompt did before; calls that have none of
 * these may be of anything. Nothing else that names a version is compared with its like: a model may always have been asked for
 * more than others are. And a tool that is used in more requests is used more often, without having more calls in each of them.
 */
function isComparable(factor: RateFactor, conditions: readonly Condition[]): boolean {
  const names = conditions.map(({ column }) => column.name);
  if (factor === "loops" && names.some((name) => roleOf(name) === "call")) return false;
  const versions = names.filter((name) => roleOf(name) === "version");
  if (versions.length === 0) return true;
  return (
    factor !== "mix" &&
    factor !== "price" &&
    versions.every((name) => name === "release" || name === "prompt_version") &&
    conditions.some(
      ({ column: { name, values }, code }) => does.has(name) && (values[code] ?? null) !== null,
    )
  );
}

/** Dimensions that say what calls are for. */
const does: ReadonlySet<Dimension> = new Set(["feature", "agent", "prompt_name"]);

function isSame(a: Doubt, b: Doubt): boolean {
  return a.factor === b.factor && Math.abs(a.change - b.change) <= same * Math.abs(b.change);
}

/** Whether one may be the other by another name, of which a few calls more or less are. */
function isAbout(a: RateChange, b: RateChange): boolean {
  return a.factor === b.factor && Math.min(a.change / b.change, b.change / a.change) >= about;
}

function lengthOf({ one }: Real): number {
  return one.candidate.conditions.length;
}
