import type { PicoUsd } from "@spancost/pricing";
import type { Rows } from "@spancost/store";
import { type Scale, unscaled } from "./bridge.ts";
import { countOf, moneyOf, type Row, textOf } from "./reader.ts";

/** A half-open time, its ends in RFC 3339, UTC. */
export interface Period {
  readonly since: string;
  readonly until: string;
}

/** A period with what it cost. */
export interface Spell extends Period {
  readonly micros: bigint;
  readonly calls: bigint;
  readonly cost: PicoUsd;
}

/** What is compared with what. */
export interface Comparison {
  readonly window: Spell;
  /** The periods of the baseline, the first first; none where there are no records before the window. */
  readonly baseline: readonly Spell[];
  /** The length of the window over that of the baseline. */
  readonly scale: Scale;
}

/** An answer to `explain-windows`, or `undefined` where there is no record at all. */
export function toComparison(rows: Rows): Comparison | undefined {
  const window = rows.rows.find((row) => row["is_window"] === true);
  if (!window) return undefined;
  const baseline = rows.rows.filter((row) => row["is_window"] !== true).map(toSpell);
  const length = baseline.reduce((sum, { micros }) => sum + micros, 0n);
  const spell = toSpell(window);
  return {
    window: spell,
    baseline,
    scale: length === 0n ? unscaled : { times: spell.micros, over: length },
  };
}

function toSpell(row: Row): Spell {
  const since = textOf(row, "since") ?? "";
  const until = textOf(row, "until") ?? "";
  return {
    since,
    until,
    micros: microsOf(until) - microsOf(since),
    calls: countOf(row, "calls"),
    cost: moneyOf(row, "cost_usd"),
  };
}

/** Microseconds since 1970. A Date holds milliseconds, so the rest is read from the text. */
function microsOf(instant: string): bigint {
  const fraction = /\.(\d+)Z$/.exec(instant)?.[1] ?? "";
  const seconds = Date.parse(instant.replace(/\.\d+Z$/, "Z")) / 1000;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}

/** Below this share of the baseline a change is quiet whatever the days before were like. */
const quietShare = 0.1;

/** Of a steady baseline about one day in a hundred lies further out. */
const quietDeviations = 2.5;

/** Of fewer days one does not know how they vary. */
const fewestDays = 3;

/**
 * How large a change is still usual, in pico-dollars: a tenth of the baseline, or what its days vary.
 *
 * They vary by 2.5 standard deviations, taken from the median absolute deviation so that an earlier incident
 * among the days does not hide the next, and widened because the mean of few days varies too. Days of which less
 * than half is known do not count.
 */
export function noiseOf({ window, baseline }: Comparison, baselineCost: bigint): number {
  const days = baseline
    .filter(({ micros }) => 2n * micros >= window.micros)
    .map(({ cost, micros }) => (Number(cost) * Number(window.micros)) / Number(micros));
  const floor = quietShare * Number(baselineCost);
  if (days.length < fewestDays) return floor;
  const middle = median(days);
  const deviation = 1.4826 * median(days.map((cost) => Math.abs(cost - middle)));
  return Math.max(floor, quietDeviations * deviation * Math.sqrt(1 + 1 / days.length));
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const upper = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? 0) + upper) / 2;
}
