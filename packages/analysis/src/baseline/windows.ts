import { type PicoUsd, picoUsd } from "@spancost/pricing";
import type { Rows } from "@spancost/store";
import { type Scale, unscaled } from "../bridge/sides.ts";
import { countOf, knownMoneyOf, moneyOf, type Row, textOf } from "../reading/reader.ts";

/** A half-open time, its ends in RFC 3339, UTC. */
export interface Period {
  readonly since: string;
  readonly until: string;
}

/** A period with what it cost. */
export interface Spell extends Period {
  /** 0 is the window, n the nth length of it before; a baseline that was named is 1. */
  readonly number: number;
  readonly micros: bigint;
  readonly calls: bigint;
  /** Of priced calls; 0 where none has a price, and where there are no calls. */
  readonly cost: PicoUsd;
  /** Whether that is known: a call has a price, or there is none. */
  readonly isPriced: boolean;
  /** Of the cost, what each feature cost. */
  readonly costs: ReadonlyMap<string | null, PicoUsd>;
}

/** What a feature cost in the window. */
export interface FeatureSpend {
  /** `null` for calls without one. */
  readonly feature: string | null;
  readonly calls: bigint;
  readonly unpricedCalls: bigint;
  /** Of priced calls; `undefined` where none has a price. */
  readonly cost: PicoUsd | undefined;
}

/** The window and what there is before it. */
export interface Spells {
  readonly window: Spell;
  readonly before: readonly Spell[];
  /** Features of the window, the dearest first. */
  readonly spend: readonly FeatureSpend[];
  /** Start of the first call of all that is stored, RFC 3339, UTC. */
  readonly firstCall: string;
}

/** What is compared with what. */
export interface Comparison {
  readonly window: Spell;
  /** The periods of the baseline, the first first; none where too little is stored before the window. */
  readonly baseline: readonly Spell[];
  /** The length of the window over that of the baseline. */
  readonly scale: Scale;
}

/** An answer to `explain-windows`, or `undefined` where there is no record at all. */
export function toSpells(rows: Rows): Spells | undefined {
  const periods = new Map<number, Row[]>();
  for (const row of rows.rows) {
    const number = Number(row["period"]);
    periods.set(number, [...(periods.get(number) ?? []), row]);
  }
  const spells = [...periods].map(([number, ofPeriod]) => toSpell(number, ofPeriod));
  const [window, ...before] = spells.sort((a, b) => a.number - b.number);
  const ofWindow = periods.get(0) ?? [];
  const [first] = ofWindow;
  if (window?.number !== 0 || first === undefined) return undefined;
  return {
    window,
    before,
    spend: toSpend(ofWindow),
    firstCall: textOf(first, "first_call") ?? window.since,
  };
}

export function toComparison(window: Spell, baseline: readonly Spell[]): Comparison {
  const length = baseline.reduce((sum, { micros }) => sum + micros, 0n);
  return {
    window,
    baseline: baseline.toSorted((a, b) => b.number - a.number),
    scale: length === 0n ? unscaled : { times: window.micros, over: length },
  };
}

function toSpend(rows: readonly Row[]): FeatureSpend[] {
  return rows
    .map((row) => ({
      feature: textOf(row, "feature"),
      calls: countOf(row, "calls"),
      unpricedCalls: countOf(row, "unpriced_calls"),
      cost: knownMoneyOf(row, "cost_usd"),
    }))
    .filter(({ calls }) => calls > 0n)
    .sort((a, b) => Number((b.cost ?? 0n) - (a.cost ?? 0n)));
}

function toSpell(number: number, rows: readonly Row[]): Spell {
  const [first] = rows;
  const since = (first && textOf(first, "since")) ?? "";
  const until = (first && textOf(first, "until")) ?? "";
  return {
    number,
    since,
    until,
    micros: microsOf(until) - microsOf(since),
    calls: rows.reduce((sum, row) => sum + countOf(row, "calls"), 0n),
    isPriced: rows.some((row) => knownMoneyOf(row, "cost_usd") !== undefined),
    cost: picoUsd(rows.reduce((sum, row) => sum + moneyOf(row, "cost_usd"), 0n)),
    costs: new Map(rows.map((row) => [textOf(row, "feature"), moneyOf(row, "cost_usd")])),
  };
}

/** Microseconds since 1970. A Date holds milliseconds, so the rest is read from the text. */
export function microsOf(instant: string): bigint {
  const fraction = /\.(\d+)Z$/.exec(instant)?.[1] ?? "";
  const seconds = Date.parse(instant.replace(/\.\d+Z$/, "Z")) / 1000;
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, "0"));
}
