import type { Effective } from "../price-card.ts";
import type { Period } from "./contract.ts";

/** `effective` within the stretch between those dates of the periods that lie around an instant. */
export function cutByDates(
  effective: Effective,
  periods: readonly Period[],
  millis: number,
): Effective {
  const dates = periods.flatMap(({ from, until }) => [from, until]);
  let first: number | undefined = millisOf(effective.from);
  let last: number | undefined = millisOf(effective.until);
  for (const date of dates) {
    if (date === undefined) continue;
    if (date <= millis && (first === undefined || date > first)) first = date;
    if (date > millis && (last === undefined || date < last)) last = date;
  }
  return { from: shown(first), until: shown(last), hours: effective.hours };
}

function millisOf(date: string | undefined): number | undefined {
  return date === undefined ? undefined : Date.parse(date);
}

/** "2026-11-15" for a midnight UTC, otherwise the instant. */
function shown(millis: number | undefined): string | undefined {
  if (millis === undefined) return undefined;
  return new Date(millis).toISOString().replace("T00:00:00.000Z", "");
}
