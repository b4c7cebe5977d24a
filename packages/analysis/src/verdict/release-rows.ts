import { keyOf } from "../reading/cells.ts";
import {
  countOf,
  moneyOf,
  type Reader,
  type Row,
  shareOf,
  textOf,
  type Variables,
} from "../reading/reader.ts";

/** Sums over requests. Money in pico-dollars. */
export interface Sums {
  requests: bigint;
  calls: bigint;
  inputTokens: bigint;
  cacheReadTokens: bigint;
  outputTokens: bigint;
  cost: bigint;
  /** Of each request the square of its cost, in USD squared. */
  requestSquares: number;
}

/** What requests with a release did in an hour of the window, or in the baseline. */
export interface ReleaseRow extends Sums {
  readonly inWindow: boolean;
  /** Start of the hour; `null` in the baseline. */
  readonly hour: string | null;
  readonly service: string | null;
  readonly release: string | null;
  /** Feature and environment: requests are compared within them. */
  readonly context: string;
  readonly isNew: boolean;
  readonly windowShare: number;
  readonly baselineShare: number;
  readonly firstSeen: string;
}

/** An answer to `release-comparison`. */
export async function readReleaseRows(reader: Reader, asked: Variables): Promise<ReleaseRow[]> {
  const { rows } = await reader.ask("release-comparison", asked);
  return rows.map(toReleaseRow);
}

function toReleaseRow(row: Row): ReleaseRow {
  return {
    inWindow: row["in_window"] === true,
    hour: textOf(row, "hour"),
    service: textOf(row, "service"),
    release: textOf(row, "release"),
    context: keyOf([textOf(row, "feature"), textOf(row, "environment")]),
    isNew: row["is_new"] === true,
    windowShare: shareOf(row, "window_share") ?? 0,
    baselineShare: shareOf(row, "baseline_share") ?? 0,
    firstSeen: textOf(row, "first_seen") ?? "",
    requests: countOf(row, "requests"),
    calls: countOf(row, "calls"),
    inputTokens: countOf(row, "input_tokens"),
    cacheReadTokens: countOf(row, "cache_read_tokens"),
    outputTokens: countOf(row, "output_tokens"),
    cost: moneyOf(row, "cost_usd"),
    requestSquares: shareOf(row, "request_squares") ?? 0,
  };
}

export function emptySums(): Sums {
  return {
    requests: 0n,
    calls: 0n,
    inputTokens: 0n,
    cacheReadTokens: 0n,
    outputTokens: 0n,
    cost: 0n,
    requestSquares: 0,
  };
}

export function addSums(to: Sums, one: Sums): void {
  to.requests += one.requests;
  to.calls += one.calls;
  to.inputTokens += one.inputTokens;
  to.cacheReadTokens += one.cacheReadTokens;
  to.outputTokens += one.outputTokens;
  to.cost += one.cost;
  to.requestSquares += one.requestSquares;
}
