import type { ModelInfo } from "@pydantic/genai-prices";

/** The instants at which a model's price may change: days from which it holds, and hours of every day. */
export interface Timeline {
  /** Milliseconds since 1970, ascending. */
  readonly starts: readonly number[];
  /** Seconds since midnight UTC, ascending. */
  readonly edges: readonly number[];
}

const dayMillis = 86_400_000;

/** The latest instant a `Date` holds; 8.64e15 ms on either side of 1970. */
const latestMillis = 8_640_000_000_000_000;

/** Milliseconds since 1970, or `undefined` for what is no instant. */
export function instantOf(at: number | Date): number | undefined {
  const millis = at instanceof Date ? at.getTime() : at;
  return typeof millis === "number" && Math.abs(millis) <= latestMillis ? millis : undefined;
}

export function timelineOf(model: ModelInfo): Timeline {
  const starts = new Set<number>();
  const edges = new Set<number>();
  for (const { constraint } of Array.isArray(model.prices) ? model.prices : []) {
    if (constraint?.type === "start_date") starts.add(Date.parse(constraint.start_date));
    if (constraint?.type !== "time_of_date") continue;
    edges.add(secondOfDay(constraint.start_time)).add(secondOfDay(constraint.end_time));
  }
  return { starts: ascending(starts), edges: ascending(edges) };
}

/** The timeline with more instants from which a price holds. */
export function withDates(
  { starts, edges }: Timeline,
  dates: readonly (number | undefined)[],
): Timeline {
  if (dates.length === 0) return { starts, edges };
  const all = new Set(starts);
  for (const date of dates) if (date !== undefined) all.add(date);
  return { starts: ascending(all), edges };
}

/** Which stretch of the timeline an instant lies in: a whole number from 0, the same price throughout. */
export function stretchAt({ starts, edges }: Timeline, millis: number): number {
  const day = countUpTo(starts, millis);
  if (edges.length === 0) return day;
  const ofDay = millis - Math.floor(millis / dayMillis) * dayMillis;
  return day * (edges.length + 1) + countUpTo(edges, ofDay / 1000);
}

function countUpTo(instants: readonly number[], instant: number): number {
  let count = 0;
  for (const each of instants) if (instant >= each) count += 1;
  return count;
}

/** "16:30:00Z" or "00:30:00+08:00" in seconds since midnight UTC. */
function secondOfDay(time: string): number {
  const millis = Date.parse(`1970-01-02T${time}`);
  return (((millis % dayMillis) + dayMillis) % dayMillis) / 1000;
}

function ascending(instants: ReadonlySet<number>): number[] {
  return [...instants].sort((a, b) => a - b);
}
