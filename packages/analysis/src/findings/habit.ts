import { daysIn } from "../baseline/instants.ts";
import type { Comparison } from "../baseline/windows.ts";
import { narrowedTo, partOf } from "../dimensions.ts";
import type { Reader, Variables } from "../reading/reader.ts";
import { readRequests } from "../reading/requests.ts";
import { readResampled } from "../reading/resampling.ts";
import type { Finding } from "./finding.ts";

/** How far back somebody's habits are looked for. */
const days = 35n;

/** As much as that share of the window's cost, and of its requests, is about as much. */
const aboutAsMuch = 0.5;

/**
 * Whether a finding is that a user did much, and they did about as much before, in the same hours of any other day of the last
 * five weeks.
 *
 * The days that a window is compared with are few and of one kind, and may all have been quiet ones of somebody who is not. What
 * they did often enough to be seen in five weeks is no news; that their requests cost more is.
 *
 * @param variables of the window, for the queries; one that names a baseline says what to compare with, and nothing else
 */
export async function isHabit(
  reader: Reader,
  variables: Variables,
  { segment, mechanism }: Pick<Finding, "segment" | "mechanism">,
  comparison: Comparison,
): Promise<boolean> {
  if (typeof segment.user_id !== "string" || mechanism !== "traffic") return false;
  if (variables["baseline_since"] !== undefined) return false;
  const count = Number(days / daysIn(comparison.window.micros));
  const before = Array.from({ length: count }, (_, nth) => nth + 1);
  if (before.length === 0) return false;
  const asked = { ...variables, baseline_days: before.join() };
  const whose = partOf(segment, (role) => role === "entity");
  const costs = await readResampled(reader, asked, whose, comparison);
  const requests = await readRequests(reader, narrowedTo(asked, whose));
  const done = (period: number) => ({
    cost: sumOf(costs.periods.get(period) ?? []),
    requests: sumOf([...(requests.get(period)?.values() ?? [])].map(Number)),
  });
  const now = done(0);
  return before.map(done).some((then) => {
    return (
      then.requests > 0 &&
      then.cost >= aboutAsMuch * now.cost &&
      then.requests >= aboutAsMuch * now.requests
    );
  });
}

function sumOf(values: Iterable<number>): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
