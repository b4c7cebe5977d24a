import { picoUsd, shortUsd } from "@spancost/pricing";
import type { Explanation } from "./explain.ts";

type Summarized = Omit<Explanation, "summary" | "warnings">;

/** One sentence on the whole window, and the best finding's own. */
export function summaryOf(explanation: Summarized): string {
  const { cost, baselineCost, delta, quiet, findings, baseline } = explanation;
  const spent = `The window cost ${shortUsd(cost)}`;
  if (baseline.periods === 0) return `${spent}; there is nothing before it to compare it with.`;
  const size = shortUsd(picoUsd(delta < 0n ? -delta : delta));
  const direction = delta < 0n ? "less" : "more";
  const change = `${size} ${direction} than the ${shortUsd(baselineCost)} of its baseline`;
  if (quiet && isLarge(explanation)) {
    return `${spent}, ${change}. No segment stands out: it is spread over many.`;
  }
  if (quiet) return `${spent}, ${change}: a usual difference, so nothing is singled out.`;
  return `${spent}, ${change}. ${findings[0]?.sentence ?? ""}`;
}

/** More than a fifth: nobody would call it usual, even where no segment is to be named. */
function isLarge({ delta, baselineCost }: Summarized): boolean {
  return (delta < 0n ? -delta : delta) * 5n > baselineCost;
}

/** What a reader must know before believing the numbers, with what to do about it. */
export function warningsOf({ baseline, trust }: Summarized): string[] {
  const warnings: string[] = [];
  if (baseline.periods === 0) {
    warnings.push(
      "There are no records before the window: its baseline is 0. Name another with --baseline.",
    );
  }
  if (trust.unpricedCalls > 0n) {
    const calls = `${trust.unpricedCalls} of ${trust.calls} calls`;
    warnings.push(
      `${calls} in the window have no price and are in no amount: spancost query unpriced`,
    );
  }
  return warnings;
}
