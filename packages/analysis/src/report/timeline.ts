import { hourMillis, instantAt } from "../baseline/instants.ts";
import type { Period } from "../baseline/windows.ts";
import { historyMillis, hoursOfDay, readHistory } from "../detection/spend-history.ts";
import { quantile, UsualSpend } from "../detection/usual-spend.ts";
import type { Reader } from "../reading/reader.ts";

/** An hour, or a few, of spend beside what is usual. Dollars are rounded to doubles: they make a picture. */
export interface TimelineStep extends Period {
  readonly dollars: number;
  /** Of the same hours on comparable days the first decile, the median, the ninth; unset where there are none. */
  readonly usual:
    | { readonly low: number; readonly middle: number; readonly high: number }
    | undefined;
}

/** Steps that a picture has at most. */
const mostSteps = 240;

/** What is shown before the window, at least a day, and after it. */
const leastBefore = 24 * hourMillis;
const mostAfter = 6 * hourMillis;

/**
 * Hour by hour what was spent in the window, before it for as long again, and after it for some hours.
 *
 * Hours are whole: the first and the last may reach over the edges of the window.
 */
export async function readTimeline(
  reader: Reader,
  { since, until }: Period,
): Promise<readonly TimelineStep[]> {
  const [from, to] = [Date.parse(since), Date.parse(until)];
  const length = to - from;
  const first = from - Math.max(leastBefore, length);
  const history = await readHistory(reader, {
    since: new Date(first - historyMillis).toISOString(),
    until: new Date(to + Math.min(mostAfter, length)).toISOString(),
  });
  if (!history) return [];
  const usual = new UsualSpend(history, history.total);
  const start = Math.max(0, Math.floor((first - history.start) / hourMillis));
  // Hours after the last call are not known to be without cost.
  const end = lastHour(history.total.dollars, (to - history.start) / hourMillis);
  const size = Math.max(1, Math.ceil((end - start) / mostSteps));
  const steps: TimelineStep[] = [];
  for (let hour = start; hour < end; hour += size) {
    const next = Math.min(hour + size, end);
    const others = size > hoursOfDay ? [] : usual.comparable(hour, next);
    steps.push({
      since: instantAt(history.start + hour * hourMillis),
      until: instantAt(history.start + next * hourMillis),
      dollars: usual.spent(hour, next),
      usual:
        others.length === 0
          ? undefined
          : {
              low: quantile(others, 0.1),
              middle: quantile(others, 0.5),
              high: quantile(others, 0.9),
            },
    });
  }
  return steps;
}

function lastHour(dollars: Float64Array, atLeast: number): number {
  let end = dollars.length;
  while (end > atLeast && dollars[end - 1] === 0) end -= 1;
  return Math.max(end, Math.min(dollars.length, Math.ceil(atLeast)));
}
