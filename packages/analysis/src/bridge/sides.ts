import { type Cell, costOfCell } from "../reading/cells.ts";
import { roundedQuotient } from "./fixed-point.ts";

/**
 * What can make spend change.
 *
 * - traffic: requests, that is traces with a priced call
 * - loops: calls per request, by their place in the agent run
 * - retries: billed attempts per call
 * - input, output: tokens per attempt
 * - cache: shares of the input that are read from a cache, written to one, or neither
 * - mix: shares of models
 * - price: what a token of a model costs
 */
export const factors = [
  "traffic",
  "loops",
  "retries",
  "input",
  "cache",
  "output",
  "mix",
  "price",
] as const;

export type Factor = (typeof factors)[number];

/** A cell, or a share of one. */
export interface Piece {
  readonly cell: Cell;
  /** In 2^-64ths: `wholeWeight` is all of it. */
  readonly weight: bigint;
}

export const wholeWeight = 1n << 64n;

/** How many requests reach each context (see `contextOf`), in 2^-64ths like weights. */
export type Requests = ReadonlyMap<string, bigint>;

/** One side of a comparison. */
export interface Side {
  readonly pieces: readonly Piece[];
  readonly requests: Requests;
  /** The length of the window over that of this side. */
  readonly scale: Scale;
}

export interface Scale {
  readonly times: bigint;
  readonly over: bigint;
}

export const unscaled: Scale = { times: 1n, over: 1n };

/** The two sides of a comparison. */
export interface Sides {
  readonly before: Side;
  readonly after: Side;
}

/** What a side cost at the length of the window, rounded to the nearest pico-dollar. */
export function costOf({ pieces, scale }: Side): bigint {
  const weighted = pieces.reduce((sum, { cell, weight }) => sum + costOfCell(cell) * weight, 0n);
  return roundedQuotient(weighted * scale.times, scale.over * wholeWeight);
}
