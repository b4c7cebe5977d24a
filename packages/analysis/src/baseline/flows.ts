import { wholeWeight } from "../bridge/sides.ts";
import { type BuiltInDimension, versionDimensions } from "../dimensions.ts";
import { combined } from "../numbering.ts";

/** A combination of versions with its share of calls. */
export interface Share {
  readonly version: number;
  readonly share: number;
}

/** Where calls of a version go, and which part of them, in 2^-64ths. */
export interface Flow {
  readonly to: number;
  readonly weight: bigint;
}

/** Which versions have to agree, in turn. */
const passes: readonly (readonly BuiltInDimension[])[] = [
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

/** For each pass, by combination of versions the number of what has to agree. */
export type Agreements = readonly Int32Array[];

/** @param codes by version dimension: of each combination the number of its value */
export function agreementsOf(codes: readonly Int32Array[]): Agreements {
  const combinations = codes[0]?.length ?? 0;
  return passes.map((pass) => {
    const columns = pass.map((name) => codes[versionDimensions.indexOf(name)] ?? new Int32Array());
    return combined(columns, combinations);
  });
}

/** For each version before, where its calls go: what is present in both stays, the rest goes to the nearest versions. */
export function flowsBetween(
  before: readonly Share[],
  after: readonly Share[],
  agreements: Agreements,
): ReadonlyMap<number, readonly Flow[]> {
  const moved = new Map<number, { to: number; share: number }[]>();
  const left = before.map((one) => ({ ...one }));
  const free = after.map((one) => ({ ...one }));
  for (const agreement of agreements) {
    const tos = groupsOf(free, agreement);
    for (const [agreed, from] of groupsOf(left, agreement)) {
      moveAmong(from, tos.get(agreed) ?? [], moved);
    }
  }
  return new Map([...moved].map(([version, flows]) => [version, weighed(flows)]));
}

interface Rest {
  readonly version: number;
  share: number;
}

function groupsOf(all: readonly Rest[], agreement: Int32Array): Map<number, Rest[]> {
  const groups = new Map<number, Rest[]>();
  for (const one of all) {
    if (one.share <= 0) continue;
    const key = agreement[one.version] ?? 0;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return groups;
}

/** Moves as much as both sides have, in proportion. */
function moveAmong(
  from: readonly Rest[],
  to: readonly Rest[],
  moved: Map<number, { to: number; share: number }[]>,
): void {
  const lost = sumOf(from);
  const gained = sumOf(to);
  const amount = Math.min(lost, gained);
  if (amount <= 0) return;
  for (const one of from) {
    const flows = moved.get(one.version) ?? [];
    moved.set(one.version, flows);
    for (const other of to) {
      const share = (amount * one.share * other.share) / (lost * gained);
      if (share > 0) flows.push({ to: other.version, share });
    }
  }
  for (const one of from) one.share -= (one.share / lost) * amount;
  for (const other of to) other.share -= (other.share / gained) * amount;
}

function sumOf(all: readonly { readonly share: number }[]): number {
  return all.reduce((sum, one) => sum + one.share, 0);
}

/** Shares as weights that sum to the whole. */
function weighed(flows: readonly { readonly to: number; readonly share: number }[]): Flow[] {
  const all = sumOf(flows);
  const weighted: Flow[] = [];
  let rest = wholeWeight;
  for (const [index, { to, share }] of flows.entries()) {
    const isLast = index === flows.length - 1;
    const exact = BigInt(Math.round((share / all) * 2 ** 53)) << 11n;
    const weight = isLast || exact > rest ? rest : exact;
    rest -= weight;
    if (weight > 0n) weighted.push({ to, weight });
  }
  return weighted;
}
