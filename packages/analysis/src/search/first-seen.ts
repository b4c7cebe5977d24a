import { roleOf } from "../dimensions.ts";
import { measureCount } from "../ledger/contributions.ts";
import type { Candidate } from "./candidates.ts";
import { isPersonal } from "./spend-table.ts";

/** Of fewer days nobody can say that something was never there. */
const fewestDays = 3;

/**
 * Whether a value that says whose spend it is was on none of the other days. How much what is there varies from day to day
 * says nothing of it: to appear is no variation. Users and conversations appear all the time.
 */
export function isFirstSeen({ conditions, sums }: Candidate, turn: number): boolean {
  const turns = sums.length / measureCount;
  const [only] = conditions;
  if (turns <= fewestDays || conditions.length !== 1 || !only) return false;
  if (roleOf(only.column.name) !== "entity" || isPersonal(only.column)) return false;
  for (let day = 1; day < turns; day += 1) {
    if (day !== turn && (sums[day * measureCount] ?? 0) !== 0) return false;
  }
  return true;
}
