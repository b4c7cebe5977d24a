import { Random } from "./random.ts";
import type { Feature, Rollout, World } from "./world.ts";

/** One request that comes in, before any model is called. */
export interface Request {
  readonly feature: Feature;
  /** Hours since hour 0, with a fraction. */
  readonly at: number;
  /** Nothing else in the world has this key. */
  readonly key: number;
  user: string | null;
  region: string;
  plan: string;
  environment: string;
  release: string;
  promptVersion: string;
}

const hourMillis = 3_600_000;

/** Draws who asks for what, hour by hour. */
export class Traffic {
  readonly #world: World;
  readonly #cumulated: Float64Array;
  readonly #activity = new Map<number, Float32Array>();

  constructor(world: World) {
    this.#world = world;
    this.#cumulated = new Float64Array(world.users);
    let sum = 0;
    for (let user = 0; user < world.users; user += 1) {
      sum += 1 / (user + 2) ** world.zipf;
      this.#cumulated[user] = sum;
    }
  }

  /** How many requests an hour is to have. */
  expected(feature: Feature, hour: number): number {
    const { seed, start, globalNoise } = this.#world;
    const day = Math.floor(hour / 24);
    const time = new Date(start + hour * hourMillis);
    const isWeekend = time.getUTCDay() === 0 || time.getUTCDay() === 6;
    const noise =
      globalNoise * new Random(seed, 11, day).normal() +
      feature.dayNoise * new Random(seed, 12, day, feature.index).normal() +
      0.1 * new Random(seed, 13, hour, feature.index).normal();
    return (
      feature.requestsPerDay *
      (feature.rhythm[time.getUTCHours()] ?? 0) *
      (isWeekend ? feature.weekend : 1) *
      (1 + feature.growth) ** day *
      Math.exp(noise)
    );
  }

  /** @param nth of the requests of the hour and the feature; those of an incident from a million on */
  request(feature: Feature, hour: number, nth: number): Request {
    const { seed, regions, plans, services, hasDevelopment } = this.#world;
    const random = new Random(seed, 21, feature.index, hour, nth);
    const key = Math.floor(random.next() * 2 ** 32);
    const at = hour + random.next();
    const environment = random.chance(feature.production)
      ? "production"
      : hasDevelopment && random.chance(0.3)
        ? "development"
        : "staging";
    const number = this.#user(feature, hour, random);
    const releases = services[feature.service]?.releases ?? [];
    return {
      feature,
      at,
      key,
      user: feature.work === "batch" ? null : `user-${number}`,
      region: pickByNumber(regions, number),
      plan: pickByNumber(plans, number * 7 + 3),
      environment,
      release: current(releases, at, random),
      promptVersion: current(feature.versions, at, random),
    };
  }

  /** Few are very busy, everybody more on some days than on others, and absent on some. */
  #user(feature: Feature, hour: number, random: Random): number {
    const { users } = this.#world;
    const activity = this.#activityOf(Math.floor(hour / 24));
    const all = this.#cumulated[users - 1] ?? 1;
    for (let turn = 0; ; turn += 1) {
      const rank = search(this.#cumulated, random.next() * all);
      const user = (rank + feature.index * 17) % users;
      if (turn > 30 || random.next() * 3 < (activity[user] ?? 0)) return user;
    }
  }

  #activityOf(day: number): Float32Array {
    const known = this.#activity.get(day);
    if (known) return known;
    const { users, seed } = this.#world;
    const random = new Random(seed, 14, day);
    const drawn = Float32Array.from({ length: users }, () =>
      random.chance(0.12) ? 0 : Math.min(3, Math.exp(0.5 * random.normal())),
    );
    this.#activity.set(day, drawn);
    return drawn;
  }
}

function search(cumulated: Float64Array, value: number): number {
  let low = 0;
  let high = cumulated.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cumulated[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Members by a fixed rule, the first ones more often. */
function pickByNumber(entries: readonly string[], number: number): string {
  const spread = new Random(31, number).next() ** 1.5;
  return entries[Math.floor(spread * entries.length)] ?? "";
}

/** What serves a request at `at`: the newest as far as it has come, else the one before. */
function current(rollouts: readonly Rollout[], at: number, random: Random): string {
  const chance = random.next();
  for (let index = rollouts.length - 1; index > 0; index -= 1) {
    const rollout = rollouts[index];
    if (!rollout || rollout.at > at) continue;
    if (chance < rollout.share * Math.min(1, (at - rollout.at) / 2)) return rollout.name;
  }
  return rollouts[0]?.name ?? "";
}
