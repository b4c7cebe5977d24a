import type { Detection } from "@spancost/analysis";
import type { Case } from "../incidents/case.ts";
import { quietKinds } from "../incidents/kinds.ts";

/** What came of one case. */
export interface Detected {
  readonly kind: string;
  readonly isQuiet: boolean;
  /** What the causes cost, as a share of the usual bill of the same hours. */
  readonly effect: number;
  readonly found: boolean;
  /** How far off its start and end are, in hours; `undefined` where nothing is found. */
  readonly startError: number | undefined;
  readonly endError: number | undefined;
  /** Found and true hours that are both, over those that are either. */
  readonly overlap: number;
  readonly cpuSeconds: number;
  readonly story: string;
}

export function toDetected(
  one: Case,
  detection: Detection | undefined,
  cpuSeconds: number,
): Detected {
  const hourOf = (instant: string) => (Date.parse(instant) - one.world.start) / 3_600_000;
  const { from, to } = one.during;
  const effect = one.planted.reduce((sum, { dollars }) => sum + dollars, 0) / one.usualBill;
  const base = { kind: one.kind, isQuiet: one.kind in quietKinds, effect, cpuSeconds };
  const told = `${one.kind} ${one.seed}: hours ${from} to ${to} of ${one.end}, ${(100 * effect).toFixed(0)} %`;
  if (detection?.kind !== "found") {
    const missed = { found: false, startError: undefined, endError: undefined, overlap: 0 };
    return { ...base, ...missed, story: `${told}: ${detection?.kind ?? "no data"}` };
  }
  const [since, until] = [hourOf(detection.since), hourOf(detection.until)];
  const both = Math.max(0, Math.min(until, to) - Math.max(since, from));
  return {
    ...base,
    found: true,
    startError: Math.abs(since - from),
    endError: Math.abs(until - to),
    overlap: both / (Math.max(until, to) - Math.min(since, from)),
    story: `${told}: found ${since} to ${until} in ${detection.feature}, score ${detection.score.toFixed(1)}`,
  };
}

/** One line per kind, in Markdown; below them by size of the effect. */
export function detectionTable(all: readonly Detected[]): string {
  const incidents = all.filter(({ isQuiet }) => !isQuiet);
  const sizes: readonly (readonly [string, (one: Detected) => boolean])[] = [
    ["**5 to 20 % of the bill**", ({ effect }) => effect < 0.2],
    ["**20 to 50 %**", ({ effect }) => effect >= 0.2 && effect < 0.5],
    ["**50 % and more**", ({ effect }) => effect >= 0.5],
    ["**all incidents**", () => true],
  ];
  const quiet = all.filter(({ isQuiet }) => isQuiet);
  return [
    "| kind | cases | found | start off, median / p90 | end off, median / p90 | both within an hour | CPU s |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...[...new Set(all.map(({ kind }) => kind))].map((kind) =>
      lineOf(
        kind,
        all.filter((one) => one.kind === kind),
      ),
    ),
    ...sizes.map(([name, is]) => lineOf(name, incidents.filter(is))),
    ...(quiet.length === 0 ? [] : [lineOf("**all without a cause**", quiet)]),
  ].join("\n");
}

function lineOf(name: string, all: readonly Detected[]): string {
  const found = all.filter((one) => one.found && !one.isQuiet);
  const exact = found.filter(
    ({ startError = Infinity, endError = Infinity }) => startError <= 1 && endError <= 1,
  );
  const cpu = all.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) / (all.length || 1);
  return `| ${[
    name,
    all.length,
    percent(all.filter((one) => one.found).length, all.length),
    quantiles(found.map(({ startError = 0 }) => startError)),
    quantiles(found.map(({ endError = 0 }) => endError)),
    percent(exact.length, found.length),
    cpu.toFixed(2),
  ].join(" | ")} |`;
}

function quantiles(errors: readonly number[]): string {
  if (errors.length === 0) return "";
  const sorted = errors.toSorted((a, b) => a - b);
  const at = (quantile: number) => sorted[Math.floor(quantile * (sorted.length - 1))] ?? 0;
  return `${at(0.5).toFixed(0)} / ${at(0.9).toFixed(0)} h`;
}

function percent(part: number, whole: number): string {
  return whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`;
}
