import type { Period } from "../baseline/windows.ts";
import { countOf, type Reader, shareOf, textOf } from "./reader.ts";

/** How far the numbers of a window can be believed; shares are `undefined` where there is nothing to share. */
export interface Trust {
  readonly calls: bigint;
  /** Of calls. */
  readonly pricedShare: number | undefined;
  /** Of the input and output tokens that are told. */
  readonly pricedTokenShare: number | undefined;
  /** Of calls, those that have a feature. */
  readonly attributedShare: number | undefined;
  /** Of calls, those that have a value, by dimension: feature, release, team and the like. */
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

/** All calls of the window, whatever part of them is explained. */
export async function readTrust(reader: Reader, window: Period): Promise<Trust> {
  const { since, until } = window;
  const [row] = (await reader.ask("trust", { since, until })).rows;
  if (!row) throw new TypeError("the query trust gave no row");
  const dimensions = (await reader.ask("trust-by-dimension", { since, until })).rows;
  return {
    calls: countOf(row, "calls"),
    pricedShare: shareOf(row, "priced_share"),
    pricedTokenShare: shareOf(row, "priced_token_share"),
    attributedShare: shareOf(row, "attributed_share"),
    attributedShareBy: Object.fromEntries(
      dimensions.map((one) => [textOf(one, "dimension"), shareOf(one, "attributed_share")]),
    ),
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
