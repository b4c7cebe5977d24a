import type { Period } from "../baseline/windows.ts";
import type { Dimension } from "../dimensions.ts";
import { countOf, type Reader, type Row, shareOf, textOf } from "./reader.ts";

/** How far the numbers of a window can be believed; shares are `undefined` where there is nothing to share. */
export interface Trust {
  readonly calls: bigint;
  /** Of calls. */
  readonly pricedShare: number | undefined;
  /** Of the input and output tokens that are told. */
  readonly pricedTokenShare: number | undefined;
  /** Of calls, those that have a feature. */
  readonly attributedShare: number | undefined;
  /** Of calls, those that have a value, by dimension: feature and release, and others where they were asked for. */
  readonly attributedShareBy: Readonly<Record<string, number | undefined>>;
  /** Further spans that told of a call counted already. */
  readonly deduplicated: bigint;
  readonly unpricedCalls: bigint;
  readonly unknownUsageCalls: bigint;
  readonly estimatedUsageCalls: bigint;
  readonly partialUsageCalls: bigint;
  /** Priced calls that did not tell all their tokens. */
  readonly lowerBoundCalls: bigint;
  readonly usageIssueCalls: bigint;
  readonly cacheSplitUnknownCalls: bigint;
}

/**
 * All calls of the window, whatever part of them is explained.
 *
 * @param by dimensions that were asked for
 */
export async function readTrust(
  reader: Reader,
  window: Period,
  by: readonly Dimension[],
): Promise<Trust> {
  const { since, until } = window;
  const [row] = (await reader.ask("trust", { since, until })).rows;
  if (!row) throw new TypeError("the query trust gave no row");
  return {
    calls: countOf(row, "calls"),
    pricedShare: shareOf(row, "priced_share"),
    pricedTokenShare: shareOf(row, "priced_token_share"),
    attributedShare: shareOf(row, "attributed_share"),
    attributedShareBy: by.every((name) => usualAttribution.includes(name))
      ? usualShares(row)
      : await sharesByDimension(reader, window),
    deduplicated: countOf(row, "deduplicated"),
    unpricedCalls: countOf(row, "unpriced_calls"),
    unknownUsageCalls: countOf(row, "unknown_usage_calls"),
    estimatedUsageCalls: countOf(row, "estimated_usage_calls"),
    partialUsageCalls: countOf(row, "partial_usage_calls"),
    lowerBoundCalls: countOf(row, "lower_bound_calls"),
    usageIssueCalls: countOf(row, "usage_issue_calls"),
    cacheSplitUnknownCalls: countOf(row, "cache_split_unknown_calls"),
  };
}

/** What is looked at where nobody asks for dimensions: what every call should have. */
export const usualAttribution: readonly Dimension[] = ["feature", "release"];

function usualShares(row: Row): Trust["attributedShareBy"] {
  return {
    feature: shareOf(row, "attributed_share"),
    release: shareOf(row, "attributed_release_share"),
  };
}

/** To count users and conversations takes as long as all else here. */
async function sharesByDimension(
  reader: Reader,
  { since, until }: Period,
): Promise<Trust["attributedShareBy"]> {
  const { rows } = await reader.ask("trust-by-dimension", { since, until });
  return Object.fromEntries(
    rows.map((row) => [textOf(row, "dimension"), shareOf(row, "attributed_share")]),
  );
}
