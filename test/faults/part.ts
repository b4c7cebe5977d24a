import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { Random } from "../../packages/cli/src/demo/random.ts";
import { Calls } from "./load/calls.ts";
import { Ledger } from "./load/ledger.ts";
import { Load, type LoadOptions } from "./load/load.ts";

/** What a part of the campaign runs in. */
export interface World {
  readonly seed: number;
  /** An empty folder of its own. */
  readonly folder: string;
  /** The library that stands before the disk, or why there is none. */
  readonly shim: { readonly library: string } | { readonly no: string };
  /** Says how far it is. */
  progress(line: string): void;
}

/** What came of a part. */
export interface Outcome {
  /** Faults that were done, such as kills. */
  readonly faults: number;
  readonly ledgers: readonly Ledger[];
  /** Figures worth reading: names and texts. */
  readonly figures: Readonly<Record<string, string | number>>;
  /** What must not happen. The campaign fails when there is any. */
  readonly violations: readonly string[];
  /** What could not be done here, and why. */
  readonly notRun?: string;
}

/** A part of the campaign. */
export interface Part {
  readonly name: string;
  /** Of `npm run faults`, without its dashes. */
  readonly flag: string;
  /** How many faults are wanted. */
  readonly wanted: number;
  run(world: World, wanted: number): Promise<Outcome>;
}

/** A ledger and its senders, of this world's seed and something that tells them from others of the same seed. */
export function sendersOf(
  { seed }: World,
  nth: number,
  options: LoadOptions = {},
): { readonly ledger: Ledger; readonly load: Load } {
  const ledger = new Ledger(new Calls(seed * 1_009 + nth, Date.now() - 7_200_000));
  return { ledger, load: new Load(ledger, randomOf(seed, nth), options) };
}

export function randomOf(seed: number, nth: number): Random {
  return new Random(Math.imul(seed + 1, 0x01000193) ^ Math.imul(nth + 1, 0x85ebca6b));
}

/** A new folder below the world's, and the database in it. Without links in its path, as the disk shim wants it. */
export function newFolder(world: World, name: string): { folder: string; db: string } {
  const folder = join(world.folder, name);
  mkdirSync(folder);
  const real = realpathSync(folder);
  return { folder: real, db: join(real, "costs.duckdb") };
}

/** The middle and the largest of some figures, rounded. */
export function spread(values: readonly number[], unit: string): string {
  if (values.length === 0) return "none";
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return `p50 ${Math.round(middle)} ${unit}, max ${Math.round(sorted.at(-1) ?? 0)} ${unit}`;
}
