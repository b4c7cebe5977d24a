import { wholeWeight } from "../bridge/sides.ts";
import { versionDimensions } from "../dimensions.ts";
import { combined, numberCount } from "../numbering.ts";
import { type CellTable, cellSums, cellWidth, codesOf } from "../reading/cell-table.ts";
import { agreementsOf, type Flow, flowsBetween, type Share } from "./flows.ts";

/** Combinations of versions, numbered. */
export interface Versions {
  /** Of each cell the number of its own versions. */
  readonly ofCell: Int32Array;
  /** By dimension, in the order of `versionDimensions`: of each combination the number of its value. */
  readonly codes: readonly Int32Array[];
}

/** The window's or the baseline's part of a cell, or a share of it, under the versions by which segments are made. */
export interface Pieces {
  readonly count: number;
  readonly cells: Int32Array;
  readonly inWindow: Uint8Array;
  /** Numbers of combinations of versions: of the baseline those that the window has. */
  readonly versions: Int32Array;
  /** In 2^-64ths. */
  readonly weights: readonly bigint[];
  /** The same as a double. */
  readonly shares: Float64Array;
}

export interface MatchedBaseline {
  readonly versions: Versions;
  readonly pieces: Pieces;
}

/**
 * The cells as pieces, the baseline's under the versions of the window.
 *
 * A release that is new has no baseline of its own. What its traffic used to cost is what the releases cost that
 * it replaced; the same holds for models, providers and versions of prompts. So within each feature, environment
 * and place in the agent run the calls of the baseline are moved to the versions of the window by their shares:
 * first what is present in both stays, then what became less is moved to what became more, nearest versions
 * first. Tokens and costs stay those of the baseline, and the weights of a cell's pieces sum to the whole cell:
 * so over any partition into segments the baselines sum to the baseline.
 */
export function matchBaseline(table: CellTable): MatchedBaseline {
  const versions = versionsOf(table);
  const before = callsByVersion(table, versions, table.strata, false);
  const after = windowShares(table, versions);
  const places = placesOf(table);
  const agreements = agreementsOf(versions.codes);
  const moves = new Map<number, ReadonlyMap<number, readonly Flow[]>>();
  for (const [stratum, own] of before) {
    const shares =
      after.ofPlace.get(stratum) ?? after.ofContext.get(places.contextOf[stratum] ?? 0);
    if (shares) moves.set(stratum, flowsBetween(sharesOf(own), shares, agreements));
  }
  return { versions, pieces: toPieces(table, versions, moves) };
}

function versionsOf({ dimensions, count }: CellTable): Versions {
  const columns = versionDimensions.map((name) => codesOf(dimensions, name));
  const ofCell = combined(columns, count);
  const combinations = numberCount(ofCell);
  const codes = columns.map((column) => {
    const ofVersion = new Int32Array(combinations);
    for (const [cell, version] of ofCell.entries()) ofVersion[version] = column[cell] ?? 0;
    return ofVersion;
  });
  return { ofCell, codes };
}

type Calls = ReadonlyMap<number, ReadonlyMap<number, number>>;

/**
 * Calls of the window, or of the baseline, by group and version; groups without any are left out.
 *
 * Attempts that were made again are no calls more: a model that answers at the third attempt took over nothing.
 */
function callsByVersion(
  { count, periods, sums }: CellTable,
  { ofCell }: Versions,
  groups: Int32Array,
  inWindow: boolean,
  only: (cell: number) => boolean = () => true,
): Calls {
  const calls = new Map<number, Map<number, number>>();
  for (let cell = 0; cell < count; cell += 1) {
    if (!only(cell)) continue;
    let own = 0;
    for (let nth = inWindow ? 0 : 1; nth < (inWindow ? 1 : periods.length); nth += 1) {
      own += sums[(cell * periods.length + nth) * cellWidth + cellSums.logical] ?? 0;
    }
    if (own === 0) continue;
    const group = groups[cell] ?? 0;
    const ofGroup = calls.get(group) ?? new Map<number, number>();
    calls.set(group, ofGroup);
    const version = ofCell[cell] ?? 0;
    ofGroup.set(version, (ofGroup.get(version) ?? 0) + own);
  }
  return calls;
}

function sharesOf(calls: ReadonlyMap<number, number>): Share[] {
  let all = 0;
  for (const own of calls.values()) all += own;
  return [...calls].map(([version, own]) => ({ version, share: own / all }));
}

/** By stratum its context. */
function placesOf({ contexts, strata }: CellTable): { readonly contextOf: readonly number[] } {
  const contextOf: number[] = [];
  for (const [cell, stratum] of strata.entries()) contextOf[stratum] = contexts[cell] ?? 0;
  return { contextOf };
}

/**
 * Shares of versions by place, each release with the share of requests that it has; and by context.
 *
 * A release whose runs got longer has most of the calls far into a run. It is the share of runs that it took
 * over, and with them what they used to cost at each place.
 */
function windowShares(table: CellTable, versions: Versions) {
  const { contexts, strata, steps } = table;
  const isFirst = (cell: number) => steps.values[steps.codes[cell] ?? 0] === "1";
  const first = callsByVersion(table, versions, contexts, true, isFirst);
  const releases = versions.codes[versionDimensions.indexOf("release")] ?? new Int32Array();
  const { contextOf } = placesOf(table);
  const ofPlace = new Map<number, readonly Share[]>();
  for (const [stratum, calls] of callsByVersion(table, versions, strata, true)) {
    const runs = first.get(contextOf[stratum] ?? 0);
    const shares = sharesOf(calls);
    ofPlace.set(stratum, runs ? withReleasesOf(shares, sharesOf(runs), releases) : shares);
  }
  const inAll = callsByVersion(table, versions, contexts, true);
  const ofContext = new Map([...inAll].map(([context, calls]) => [context, sharesOf(calls)]));
  return { ofPlace, ofContext };
}

function withReleasesOf(
  shares: readonly Share[],
  ofRuns: readonly Share[],
  releases: Int32Array,
): readonly Share[] {
  const byRelease = (all: readonly Share[]) => {
    const sums = new Map<number, number>();
    for (const { version, share } of all) {
      const release = releases[version] ?? 0;
      sums.set(release, (sums.get(release) ?? 0) + share);
    }
    return sums;
  };
  const here = byRelease(shares);
  const wanted = byRelease(ofRuns);
  const weighted = shares.map(({ version, share }) => {
    const release = releases[version] ?? 0;
    return { version, share: (share / (here.get(release) ?? 1)) * (wanted.get(release) ?? 0) };
  });
  const all = weighted.reduce((sum, { share }) => sum + share, 0);
  return all === 0 ? shares : weighted.map((one) => ({ ...one, share: one.share / all }));
}

function toPieces(
  { count, periods, sums, strata }: CellTable,
  { ofCell }: Versions,
  moves: ReadonlyMap<number, ReadonlyMap<number, readonly Flow[]>>,
): Pieces {
  const cells: number[] = [];
  const inWindow: number[] = [];
  const versions: number[] = [];
  const weights: bigint[] = [];
  const add = (cell: number, isWindow: boolean, version: number, weight: bigint) => {
    cells.push(cell);
    inWindow.push(isWindow ? 1 : 0);
    versions.push(version);
    weights.push(weight);
  };
  const callsIn = (cell: number, nth: number) =>
    sums[(cell * periods.length + nth) * cellWidth + cellSums.calls] ?? 0;
  for (let cell = 0; cell < count; cell += 1) {
    const version = ofCell[cell] ?? 0;
    if (callsIn(cell, 0) > 0) add(cell, true, version, wholeWeight);
    if (!periods.some((_, nth) => nth > 0 && callsIn(cell, nth) > 0)) continue;
    const flows = moves.get(strata[cell] ?? 0)?.get(version);
    if (!flows) add(cell, false, version, wholeWeight);
    else for (const { to, weight } of flows) add(cell, false, to, weight);
  }
  return {
    count: cells.length,
    cells: Int32Array.from(cells),
    inWindow: Uint8Array.from(inWindow),
    versions: Int32Array.from(versions),
    weights,
    shares: Float64Array.from(weights, (weight) => Number(weight) / Number(wholeWeight)),
  };
}
