import type { Call, Effect } from "./calls.ts";
import type { Request } from "./traffic.ts";
import type { Feature } from "./world.ts";

export type Mechanism =
  | "traffic"
  | "loops"
  | "retries"
  | "input"
  | "cache"
  | "output"
  | "mix"
  | "price";

/** Something that makes a window dearer, with what is to be said about it. */
export interface Cause {
  /** In words, for tables. */
  readonly where: string;
  /** Any of them is right. */
  readonly mechanisms: readonly Mechanism[];
  /** Whether a call is in the segment that is to be named. */
  readonly covers: (call: Call) => boolean;
  readonly effect?: (request: Request) => Effect | undefined;
  /** Expected requests of an hour that come on top of the usual ones. */
  readonly extra?: (feature: Feature, hour: number, expected: number) => number;
  /** Makes the further requests what they are. */
  readonly disguise?: (request: Request) => void;
}
