import type { PicoUsd } from "@spancost/pricing";
import {
  countOf,
  moneyOf,
  type Reader,
  shareOf,
  textOf,
  type Variables,
} from "../reading/reader.ts";

/** An agent run that went on far longer than such runs used to; the rule stands in `queries/runaway-runs.sql`. */
export interface RunawayRun {
  readonly traceId: string;
  readonly startedAt: string;
  readonly feature: string | null;
  readonly agent: string | null;
  readonly release: string | null;
  /** Calls of its longest loop. */
  readonly steps: number;
  /** Median of such runs in the baseline; `undefined` where there are none. */
  readonly usualSteps: number | undefined;
  readonly calls: bigint;
  readonly cost: PicoUsd;
}

/** The dearest runaway runs, and how many there are in all. */
export interface RunawayRuns {
  readonly count: bigint;
  readonly cost: PicoUsd;
  readonly dearest: readonly RunawayRun[];
}

export async function readRunawayRuns(reader: Reader, asked: Variables): Promise<RunawayRuns> {
  const { rows } = await reader.ask("runaway-runs", asked);
  const [first] = rows;
  return {
    count: first ? countOf(first, "runaway_runs") : 0n,
    cost: (first ? moneyOf(first, "runaway_cost_usd") : 0n) as PicoUsd,
    dearest: rows.map((row) => ({
      traceId: textOf(row, "trace_id") ?? "",
      startedAt: textOf(row, "started_at") ?? "",
      feature: textOf(row, "feature"),
      agent: textOf(row, "agent"),
      release: textOf(row, "release"),
      steps: Number(row["steps"]),
      usualSteps: shareOf(row, "usual_steps"),
      calls: countOf(row, "calls"),
      cost: moneyOf(row, "cost_usd"),
    })),
  };
}
