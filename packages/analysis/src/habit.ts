import { narrowedTo, partOf } from "./dimensions.ts";
import type { Finding } from "./finding.ts";
import { dayMicros } from "./instants.ts";
import { moneyOf, type Reader, type Variables } from "./reader.ts";
import { readRequests } from "./requests.ts";

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
  windowMicros: bigint,
): Promise<boolean> {
  if (typeof segment.user_id !== "string" || mechanism !== "traffic") return false;
  if (variables["baseline_since"] !== undefined) return false;
  const step = (windowMicros + dayMicros - 1n) / dayMicros;
  const periods = Array.from({ length: Number(days / step) }, (_, nth) => nth + 1);
  if (periods.length === 0) return false;
  const asked = {
    ...narrowedTo(
      variables,
      partOf(segment, (role) => role === "entity"),
    ),
    baseline_days: periods.join(),
  };
  const costs = new Map<number, bigint>();
  for (const row of (await reader.ask("explain-resampling", asked)).rows) {
    const period = Number(row["period"]);
    costs.set(period, (costs.get(period) ?? 0n) + moneyOf(row, "cost_usd"));
  }
  const requests = await readRequests(reader, asked);
  const done = (period: number) => ({
    cost: Number(costs.get(period) ?? 0n),
    requests: Number([...(requests.get(period)?.values() ?? [])].reduce((sum, n) => sum + n, 0n)),
  });
  const now = done(0);
  return periods.map(done).some((then) => {
    return (
      then.requests > 0 &&
      then.cost >= aboutAsMuch * now.cost &&
      then.requests >= aboutAsMuch * now.requests
    );
  });
}
