import { wholeWeight } from "./bridge.ts";
import { type Cell, contextOf, keyOf } from "./cells.ts";
import { type Dimension, dimensionNames, type Labels, labelOf, roleOf } from "./dimensions.ts";

/** A cell, or a share of one, under the labels by which segments are made. */
export interface LabelledPiece {
  readonly cell: Cell;
  /** Those of the cell, but in the baseline versions that the window has. */
  readonly labels: Labels;
  readonly weight: bigint;
}

const versions: readonly Dimension[] = dimensionNames.filter((name) => roleOf(name) === "version");

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
export function matchBaseline(cells: readonly Cell[]): LabelledPiece[] {
  const window = cells.filter((cell) => cell.inWindow);
  const shares = {
    byPlace: withReleasesOf(window, sharesOf(window, placeOf)),
    byContext: sharesOf(window, (cell) => contextOf(cell.labels)),
  };
  const moves = new Map<string, Moves>();
  const pieces: LabelledPiece[] = [];
  const baseline = cells.filter((cell) => !cell.inWindow);
  for (const [place, before] of sharesOf(baseline, placeOf)) {
    const context = place.slice(0, place.lastIndexOf(" "));
    const after = shares.byPlace.get(place) ?? shares.byContext.get(context);
    if (after) moves.set(place, movesBetween(before, after));
  }
  for (const cell of baseline) pieces.push(...split(cell, moves.get(placeOf(cell))));
  for (const cell of window) pieces.push({ cell, labels: cell.labels, weight: wholeWeight });
  return pieces;
}

/**
 * Shares of versions by place, each release with the share of requests that it has.
 *
 * A release whose runs got longer has most of the calls far into a run. It is the share of runs that it took
 * over, and with them what they used to cost at each place.
 */
function withReleasesOf(
  window: readonly Cell[],
  byPlace: ReadonlyMap<string, Shares>,
): Map<string, Shares> {
  const first = sharesOf(
    window.filter(({ step }) => step === "1"),
    (cell) => contextOf(cell.labels),
    ({ labels }) => [labels.release],
  );
  return new Map(
    [...byPlace].map(([place, shares]) => {
      const ofRequests = first.get(place.slice(0, place.lastIndexOf(" ")));
      return [place, ofRequests ? scaled(shares, ofRequests) : shares];
    }),
  );
}

function scaled(shares: Shares, ofRequests: Shares): Shares {
  const here = new Map<string, number>();
  for (const { versions, share } of shares.values()) {
    const release = keyOf([versions[0] ?? null]);
    here.set(release, (here.get(release) ?? 0) + share);
  }
  const weighted = [...shares].map(([key, { versions, share }]) => {
    const release = keyOf([versions[0] ?? null]);
    const wanted = ofRequests.get(release)?.share ?? 0;
    return [key, { versions, share: (share / (here.get(release) ?? 1)) * wanted }] as const;
  });
  const all = weighted.reduce((sum, [, { share }]) => sum + share, 0);
  if (all === 0) return shares;
  return new Map(
    weighted.map(([key, { versions, share }]) => [key, { versions, share: share / all }]),
  );
}

function placeOf(cell: Cell): string {
  return `${contextOf(cell.labels)} ${cell.step}`;
}

type Versions = readonly (string | null)[];

/** Shares of calls by version, which sum to 1. */
type Shares = ReadonlyMap<string, { readonly versions: Versions; readonly share: number }>;

function versionsOf(labels: Labels): Versions {
  return versions.map((name) => labelOf(labels, name));
}

function sharesOf(
  cells: readonly Cell[],
  groupOf: (cell: Cell) => string,
  of: (cell: Cell) => Versions = ({ labels }) => versionsOf(labels),
): Map<string, Shares> {
  const calls = new Map<string, Map<string, { versions: Versions; calls: number }>>();
  for (const cell of cells) {
    const group = groupOf(cell);
    const byVersion = calls.get(group) ?? new Map<string, { versions: Versions; calls: number }>();
    calls.set(group, byVersion);
    const versions = of(cell);
    const known = byVersion.get(keyOf(versions)) ?? { versions, calls: 0 };
    known.calls += Number(cell.calls);
    byVersion.set(keyOf(versions), known);
  }
  return new Map([...calls].map(([group, byVersion]) => [group, toShares(byVersion)]));
}

function toShares(byVersion: ReadonlyMap<string, { versions: Versions; calls: number }>): Shares {
  let all = 0;
  for (const { calls } of byVersion.values()) all += calls;
  return new Map(
    [...byVersion].map(([key, { versions, calls }]) => [key, { versions, share: calls / all }]),
  );
}

/** For each version of the baseline, where its calls go and how much of all calls goes there. */
type Moves = ReadonlyMap<string, readonly { readonly to: Versions; readonly share: number }[]>;

/** Which versions have to agree, in turn: release, model, provider, version of the prompt. */
const passes: readonly (readonly Dimension[])[] = [
  ["release", "model", "provider", "prompt_version"],
  ["model", "provider", "prompt_version"],
  ["release", "model", "provider"],
  ["model", "provider"],
  ["release", "provider", "prompt_version"],
  ["release", "prompt_version"],
  ["release"],
  ["prompt_version"],
  ["provider"],
  [],
];

function movesBetween(before: Shares, after: Shares): Moves {
  const moves = new Map<string, { to: Versions; share: number }[]>();
  const left = [...before].map(([key, { versions, share }]) => ({ key, versions, share }));
  const free = [...after].map(([key, { versions, share }]) => ({ key, versions, share }));
  for (const pass of passes) {
    const kept = pass.map((name) => versions.indexOf(name));
    const agreement = (of: Versions) => keyOf(kept.map((index) => of[index] ?? null));
    const froms = groupBy(left, (one) => agreement(one.versions));
    const tos = groupBy(free, (one) => agreement(one.versions));
    for (const [agreed, from] of froms) {
      const to = tos.get(agreed) ?? [];
      const lost = sumOf(from);
      const gained = sumOf(to);
      const moved = Math.min(lost, gained);
      if (moved <= 0) continue;
      for (const one of from) {
        const flows = moves.get(one.key) ?? [];
        moves.set(one.key, flows);
        for (const other of to) {
          const share = (moved * one.share * other.share) / (lost * gained);
          if (share > 0) flows.push({ to: other.versions, share });
        }
      }
      for (const one of from) one.share -= (one.share / lost) * moved;
      for (const other of to) other.share -= (other.share / gained) * moved;
    }
  }
  return moves;
}

function sumOf(all: readonly { readonly share: number }[]): number {
  return all.reduce((sum, one) => sum + one.share, 0);
}

function groupBy<T>(all: readonly T[], keyOfOne: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const key = keyOfOne(one);
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** The cell in pieces whose weights sum to the whole; itself where there is nowhere to move it. */
function split(cell: Cell, moves: Moves | undefined): LabelledPiece[] {
  const flows = moves?.get(keyOf(versionsOf(cell.labels))) ?? [];
  const all = sumOf(flows);
  const pieces: LabelledPiece[] = [];
  let rest = wholeWeight;
  for (const [index, { to, share }] of flows.entries()) {
    const isLast = index === flows.length - 1;
    const exact = BigInt(Math.round((share / all) * 2 ** 53)) << 11n;
    const weight = isLast || exact > rest ? rest : exact;
    rest -= weight;
    if (weight > 0n) pieces.push({ cell, labels: relabelled(cell.labels, to), weight });
  }
  return pieces.length > 0 ? pieces : [{ cell, labels: cell.labels, weight: wholeWeight }];
}

function relabelled(labels: Labels, to: Versions): Labels {
  return {
    ...labels,
    ...Object.fromEntries(versions.map((name, index) => [name, to[index] ?? null])),
  };
}
