import { spendIn } from "./candidates.ts";
import { allOfChange } from "./innocent-rest.ts";
import { namesVersion, type Scored } from "./scoring.ts";

/**
 * Whether a version has all of a change in less of the spend, and is more surprising but for what only the other one can be
 * compared with: see `SameFeatures`.
 *
 * A release whose runs grew longer is told, and not production, where all of its calls are.
 */
export function isNearerVersion(one: Scored, { beside, candidate, measure, change }: Scored) {
  return (
    beside !== undefined &&
    one.measure === measure &&
    one.score > beside.without &&
    one.change * Math.sign(change) >= allOfChange * Math.abs(change) &&
    namesVersion(one.candidate.conditions) &&
    spendIn(one.candidate.sums) < spendIn(candidate.sums)
  );
}
