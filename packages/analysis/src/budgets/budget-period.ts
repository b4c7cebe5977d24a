import { hourMillis, instantAt } from "../baseline/instants.ts";
import type { Period } from "../baseline/windows.ts";
import type { BudgetPeriod } from "./budget.ts";

const dayMillis = 24 * hourMillis;

/**
 * The day, week or month of UTC that an instant lies in. Weeks begin on Monday, as in ISO 8601.
 *
 * @param now milliseconds since 1970
 */
export function periodAt(period: BudgetPeriod, now: number): Period {
  const midnight = new Date(now);
  midnight.setUTCHours(0, 0, 0, 0);
  switch (period) {
    case "day":
      return from(midnight.getTime(), midnight.getTime() + dayMillis);
    case "week": {
      const monday = midnight.getTime() - ((midnight.getUTCDay() + 6) % 7) * dayMillis;
      return from(monday, monday + 7 * dayMillis);
    }
    case "month": {
      const [year, month] = [midnight.getUTCFullYear(), midnight.getUTCMonth()];
      return from(Date.UTC(year, month), Date.UTC(year, month + 1));
    }
    default:
      throw new TypeError(period satisfies never);
  }
}

function from(since: number, until: number): Period {
  return { since: instantAt(since), until: instantAt(until) };
}
