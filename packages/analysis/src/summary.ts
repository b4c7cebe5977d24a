import { picoUsd, shortUsd } from "@spancost/pricing";
import type { Change, Explanation } from "./explain.ts";

type Summarized = Omit<Explanation, "summary" | "warnings">;

/** One sentence on the whole window, and the best finding's own. */
export function summaryOf(explanation: Summarized): string {
  const { cost, change: found, quiet, findings } = explanation;
  const spent = `The window cost ${shortUsd(cost)}`;
  if (found === undefined) return `${spent}; too little is stored before it for a comparison.`;
  const { baselineCost, delta } = found;
  const size = shortUsd(picoUsd(delta < 0n ? -delta : delta));
  const direction = delta < 0n ? "less" : "more";
  const change = `${size} ${direction} than the ${shortUsd(baselineCost)} of its baseline`;
  if (quiet && isLarge(found)) {
    return `${spent}, ${change}. No segment stands out: it is spread over many.`;
  }
  if (quiet) return `${spent}, ${change}: a usual difference, so nothing is singled out.`;
  return `${spent}, ${change}. ${findings[0]?.sentence ?? ""}`;
}

/** More than a fifth: nobody would call it usual, even where no segment is to be named. */
function isLarge({ delta, baselineCost }: Change): boolean {
  return (delta < 0n ? -delta : delta) * 5n > baselineCost;
}

/** What a reader must know before believing the numbers, with what to do about it. */
export function warningsOf({ trust }: Summarized): string[] {
  if (trust.unpricedCalls === 0n) return [];
  const calls = `${grouped(trust.unpricedCalls)} of ${grouped(trust.calls)} ${trust.calls === 1n ? "call" : "calls"}`;
  const [have, are] = trust.unpricedCalls === 1n ? ["has", "is"] : ["have", "are"];
  return [
    `${calls} in the window ${have} no price and ${are} in no amount: spancost query unpriced`,
  ];
}

/** "1,234,567". */
function grouped(count: bigint): string {
  return count.toLocaleString("en-US");
}
