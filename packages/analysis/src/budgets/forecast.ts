import { usdNumber } from "@spancost/pricing";
import { hourMillis } from "../baseline/instants.ts";
import { type SpendHours, spentIn } from "./spend-hours.ts";

/** What a period will have cost at its end, if requests come as usual and cost what they cost now. */
export interface Forecast {
  /** USD, an estimate. */
  readonly dollars: number;
  /** When the limit will be reached, milliseconds since 1970; `undefined` where not within the period. */
  readonly limitAt: number | undefined;
}

/** Whose forecast, and of when. */
export interface ForecastQuestion {
  /** Of the last four weeks, or since records began. */
  readonly hours: SpendHours;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly until: number;
  /** USD: what was spent in the period so far. */
  readonly spentDollars: number;
  readonly limitDollars: number;
}

export const weeksOfHistory = 4;

const hoursOfDay = 24;
const hoursOfWeek = 7 * hoursOfDay;

/** The last hours say what a request costs now: these, or as many more as it takes for so many to begin in them, up to a day. */
const recentHours = 3;
const fewestRequests = 20;

/** Requests of the last day over what was usual for it; more or less than this is no trend. */
const paceLimits = { least: 0.25, most: 4 } as const;

/**
 * Forecasts from the unit: what is spent, and for each hour that is left the requests that usually begin in it times what
 * a request costs now.
 *
 * Usual requests of an hour are the mean of the same hour of the week, where there are whole weeks of history, else of the
 * same hour of the day, else of all hours; times how much busier the last 24 hours were than that. A request costs now
 * what it cost in the last three hours, or in as many more, up to 24, as it takes for 20 to begin in them. `undefined` where that is
 * not known: no request of the last day has a price.
 */
export function forecastOf(question: ForecastQuestion): Forecast | undefined {
  const { hours, now, until, spentDollars, limitDollars } = question;
  const unit = dollarsPerRequest(hours, now);
  if (unit === undefined) return undefined;
  const usual = usualRequests(hours, now);
  const pace = paceOf(hours, usual, now);
  let dollars = spentDollars;
  let limitAt = dollars >= limitDollars ? now : undefined;
  for (let at = now; at < until; ) {
    const next = Math.min(until, hourStart(at) + hourMillis);
    const share = (next - at) / hourMillis;
    const more = usual(hourStart(at)) * pace * unit * share;
    if (limitAt === undefined && dollars + more >= limitDollars) {
      limitAt = at + ((limitDollars - dollars) / more) * (next - at);
    }
    dollars += more;
    at = next;
  }
  return { dollars, limitAt };
}

/** USD of a request that begins now, or `undefined`. */
function dollarsPerRequest(hours: SpendHours, now: number): number | undefined {
  for (let last = recentHours; ; last++) {
    const { cost, requests } = spentIn(hours, hourStart(now) - (last - 1) * hourMillis, now);
    if (requests < fewestRequests && last < hoursOfDay) continue;
    return cost === undefined || requests === 0 ? undefined : usdNumber(cost) / requests;
  }
}

/** How many requests usually begin in the hour that starts at an instant. */
function usualRequests(hours: SpendHours, now: number): (at: number) => number {
  const current = hourStart(now);
  const first = hours[0]?.at ?? current;
  const past = Math.round((current - first) / hourMillis);
  const cycle = past >= hoursOfWeek ? hoursOfWeek : past >= hoursOfDay ? hoursOfDay : 1;
  // Whole cycles back from now, so that each hour of a cycle was there equally often.
  const cycles = Math.max(1, Math.floor(past / cycle));
  const since = current - cycles * cycle * hourMillis;
  const sums = new Map<number, number>();
  for (const { at, requests } of hours) {
    const counts = past === 0 ? at === current : at >= since && at < current;
    if (counts) sums.set(placeIn(cycle, at), (sums.get(placeIn(cycle, at)) ?? 0) + requests);
  }
  return (at) => (sums.get(placeIn(cycle, at)) ?? 0) / cycles;
}

function placeIn(cycle: number, at: number): number {
  return Math.floor(at / hourMillis) % cycle;
}

/** How much busier the last whole 24 hours were than usual. */
function paceOf(hours: SpendHours, usual: (at: number) => number, now: number): number {
  const until = hourStart(now);
  const since = until - hoursOfDay * hourMillis;
  let expected = 0;
  for (let at = since; at < until; at += hourMillis) expected += usual(at);
  const { requests } = spentIn(hours, since, until);
  if (expected === 0 || requests === 0) return 1;
  return Math.min(paceLimits.most, Math.max(paceLimits.least, requests / expected));
}

function hourStart(at: number): number {
  return Math.floor(at / hourMillis) * hourMillis;
}
