import { picoUsd, shortUsd } from "@spancost/pricing";
import type { Change, Explanation } from "./explain.ts";
import type { ReleaseVerdict } from "./verdict/release-verdict.ts";
import { verbOf } from "./verdict/verdict-sentence.ts";

type Summarized = Omit<Explanation, "summary" | "warnings">;

/** One sentence on the whole window, and the best finding's own. */
export function summaryOf(
  explanation: Summarized,
  verdicts: readonly ReleaseVerdict[] = [],
): string {
  const { cost, change: found, quiet, findings } = explanation;
  if (cost === undefined) return "What the window cost is unknown: no call in it has a price.";
  const spent = `The window cost ${shortUsd(cost)}`;
  if (found === undefined) return `${spent}; there is nothing to compare it with.`;
  const { baselineCost, delta } = found;
  const size = shortUsd(picoUsd(delta < 0n ? -delta : delta));
  const direction = delta < 0n ? "less" : "more";
  const change = `${size} ${direction} than the ${shortUsd(baselineCost)} of its baseline`;
  const tail = quiet ? quietSentence(found, verdicts) : (findings[0]?.sentence ?? "");
  return `${spent}, ${change}. ${tail}`;
}

/**
 * What to say where no segment stands out. A difference is called usual only where it is small, too, and no release
 * was found to explain it.
 */
export function quietSentence(change: Change, verdicts: readonly ReleaseVerdict[]): string {
  const release = verdicts.find(({ verdict }) => verdict === "explains");
  if (release !== undefined) {
    const service = release.service === null ? "" : ` of ${release.service}`;
    return `No segment stands out beside release ${release.release}${service}, which ${verbOf(release)} the change.`;
  }
  return isLarge(change)
    ? "No segment stands out: the change is spread over many."
    : "Nothing stands out: a difference of this size is usual here.";
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
