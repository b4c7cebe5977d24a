/** Who asks what and when: requests before any call is made, the same with and without a cause. */
import type { Company, Feature } from "./companies.ts";
import { rates } from "./companies.ts";
import { Draw } from "./draw.ts";

export const hour = 3_600_000;
export const day = 24 * hour;

/** What calls say of themselves, under the names that findings use. */
export type Labels = Readonly<Record<string, string | null>>;

export interface Request {
  /** What its draws are keyed by. */
  readonly key: string;
  readonly at: number;
  readonly feature: Feature;
  readonly labels: Labels;
}

/** How the last day differs from the others, without anything being wrong. */
export interface LastDay {
  readonly traffic?: number;
  /** Hours by which people come later. */
  readonly shift?: number;
  /** The day of the week, 0 is Sunday. */
  readonly weekday?: number;
  /** A release of every service in the morning. */
  readonly release?: boolean;
  /** How much users' days differ, on all days. */
  readonly wild?: number;
}

export interface World {
  readonly seed: number;
  readonly company: Company;
  readonly lastDay: LastDay;
  /** Midnight before the first day. */
  readonly since: number;
  /** Midnight before the last day, and its last instant. */
  readonly today: number;
  readonly until: number;
  /** A release of today that some requests are sent to, of a service, from a time on. */
  readonly canary?: { service: string; release: string; from: number; share: number };
}

export function worldOf(seed: number, company: Company, lastDay: LastDay): World {
  const draw = new Draw(seed, "world");
  const start = Date.UTC(2026, 9, 5 + draw.pick([0, 1, 2, 3, 4]));
  const weekday = lastDay.weekday ?? draw.pick([1, 2, 3, 4, 5, 2, 3, 4, 0, 6]);
  let today = start + (company.days - 1) * day;
  while (new Date(today).getUTCDay() !== weekday) today += day;
  return {
    ...{ seed, company, lastDay, today },
    since: today - (company.days - 1) * day,
    until: today + company.lastHours * hour,
  };
}

/** All requests of a world, by time. */
export function requestsOf(world: World): readonly Request[] {
  const requests: Request[] = [];
  for (let at = world.since; at < world.until; at += day) requests.push(...requestsOn(world, at));
  return requests.sort((one, other) => one.at - other.at);
}

/** Those of the day that begins at midnight. */
export function requestsOn(world: World, midnight: number): readonly Request[] {
  const { seed, company, lastDay, today } = world;
  const draw = new Draw(seed, "day", midnight);
  const weekend = [0, 6].includes(new Date(midnight).getUTCDay()) ? company.weekend : 1;
  const growth = company.growth ** ((midnight - world.since) / day);
  const special = midnight === today ? (lastDay.traffic ?? 1) : 1;
  const busy = draw.logNormal(weekend * growth * special, 0.05);
  const user = usersOf(world, midnight);
  const requests: Request[] = [];
  for (const feature of company.features) {
    const level = feature.perDay * busy * draw.logNormal(1, 0.05);
    for (let clock = 0; clock < 24; clock++) {
      const from = midnight + clock * hour;
      const shift = midnight === today ? (lastDay.shift ?? 0) : 0;
      const count = draw.poisson(level * weightOf(feature, clock - shift));
      for (let index = 0; index < count; index++) {
        const at = from + Math.floor(draw.between(0, hour));
        const key = `${feature.name}/${at}/${index}`;
        if (at < world.until) requests.push(requestOf(world, feature, key, at, user));
      }
    }
  }
  return requests;
}

/** Which part of a day's requests come in an hour. */
function weightOf(feature: Feature, clock: number): number {
  const local = (clock + 24) % 24;
  if (feature.clock === "flat") return 1 / 24;
  if (feature.clock === "office") return Math.max(0.1, Math.sin(((local - 5) / 16) * Math.PI)) / 12;
  return local === feature.clock ? 1 : 0;
}

function requestOf(
  world: World,
  feature: Feature,
  key: string,
  at: number,
  user: (draw: Draw) => number | undefined,
): Request {
  const { seed, company } = world;
  const draw = new Draw(seed, key);
  const clock = (at % day) / hour;
  // The regions' days begin at different hours.
  const weights = company.regions.map(
    (_, index) => (1 + Math.sin(((clock + 7 * index) / 12) * Math.PI) / 2) / (index + 1),
  );
  const region = draw.weighted(company.regions, weights);
  const environment = draw.unit() < company.staging ? "staging" : "prod";
  const release = releaseAt(world, feature.service, at, draw.unit());
  const who = user(draw);
  const gateway = company.gateways;
  const provider =
    gateway !== undefined && rates[feature.model].provider === "openai"
      ? draw.weighted(Object.keys(gateway), Object.values(gateway))
      : "direct";
  const labels: Record<string, string | null> = {
    ...{ feature: company.tellsFeature ? feature.name : null, service: feature.service },
    ...{ environment, region, release, agent: feature.agent ?? null },
    provider: provider === "direct" ? rates[feature.model].provider : provider,
    user_id: who === undefined ? null : `u${who}`,
    team: who === undefined ? null : (company.teams?.[who % company.teams.length] ?? null),
  };
  if (company.tenants !== undefined) labels["tag:tenant"] = tenantOf(company.tenants, who ?? 0);
  return { key, at, feature, labels };
}

/** A few tenants have most of the users. */
function tenantOf(tenants: number, user: number): string {
  return `tenant-${Math.floor(tenants * new Draw("tenant", user).unit() ** 2)}`;
}

/** Draws a user; who is busy differs from day to day. */
export function usersOf(world: World, midnight: number): (draw: Draw) => number | undefined {
  const users = world.company.users;
  if (users === undefined) return () => undefined;
  const wild = world.lastDay.wild ?? users.wild;
  let sum = 0;
  const sums = Array.from({ length: users.count }, (_, rank) => {
    const today = new Draw(world.seed, "user", rank, midnight).logNormal(1, wild);
    sum += today / (rank + 3) ** users.tail;
    return sum;
  });
  return (draw) => {
    const wanted = draw.unit() * sum;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] as number) <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
}

/** The release that serves a request; a new one takes over within two hours. */
function releaseAt(world: World, service: string, at: number, luck: number): string {
  const { canary, company, lastDay, today } = world;
  if (canary?.service === service && at >= canary.from && luck < canary.share)
    return canary.release;
  const every = company.releaseEvery * hour;
  const since = at - world.since + new Draw(world.seed, "release", service).between(0, every);
  const number = Math.floor(since / every);
  const rolledOut = (since - number * every) / (2 * hour);
  const extra = lastDay.release && at >= today + 8 * hour ? ".1" : "";
  return `1.${20 + (luck < rolledOut ? number : number - 1)}.0${extra}`;
}
