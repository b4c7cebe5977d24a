/** When people, offices and machines are at work. */
export type Rhythm = "office" | "consumers" | "nightly";

/** Weight of each hour of a day in UTC, and of a day of the weekend. */
const rhythms: Readonly<
  Record<Rhythm, { readonly hours: readonly number[]; readonly weekend: number }>
> = {
  office: {
    hours: [1, 1, 1, 1, 1, 2, 4, 8, 12, 13, 13, 12, 10, 12, 13, 12, 10, 7, 4, 3, 2, 2, 1, 1],
    weekend: 0.3,
  },
  consumers: {
    hours: [4, 3, 2, 2, 2, 3, 5, 7, 8, 9, 9, 9, 9, 9, 9, 9, 10, 11, 12, 12, 11, 10, 8, 6],
    weekend: 0.85,
  },
  nightly: {
    hours: [9, 14, 16, 14, 9, 4, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 3, 5],
    weekend: 0.9,
  },
};

/**
 * The share of an ordinary day's requests that arrives in the hour that starts at `millis` since 1970.
 */
export function shareOfHour(rhythm: Rhythm, millis: number): number {
  const { hours, weekend } = rhythms[rhythm];
  const time = new Date(millis);
  const sum = hours.reduce((total, weight) => total + weight, 0);
  const isWeekend = time.getUTCDay() === 0 || time.getUTCDay() === 6;
  return ((hours[time.getUTCHours()] ?? 0) / sum) * (isWeekend ? weekend : 1);
}
