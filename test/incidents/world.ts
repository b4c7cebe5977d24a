import { largeModels, type Model, ownModel, smallModels } from "./models.ts";
import { Random } from "./random.ts";

export type Work = "chat" | "search" | "agent" | "batch";

/** What a feature does per request, as medians of what is drawn. */
export interface Feature {
  readonly index: number;
  /** As it is told; `null` where the service does not say. */
  readonly name: string | null;
  readonly work: Work;
  readonly service: number;
  readonly team: string | null;
  readonly model: Model;
  readonly prompt: string | null;
  /** Expected requests of an ordinary day, of all environments. */
  requestsPerDay: number;
  readonly inputTokens: number;
  readonly growthTokens: number;
  readonly outputTokens: number;
  readonly cachedShare: number;
  readonly sizeSpread: number;
  /** Calls of an agent's run on average; 1 for the rest. */
  readonly steps: number;
  readonly agent: string | null;
  readonly tools: readonly string[];
  /** An agent that this one asks in some of its runs. */
  readonly helper: { readonly agent: string; readonly model: Model } | undefined;
  readonly rhythm: readonly number[];
  readonly weekend: number;
  /** How far a day is off by itself. */
  readonly dayNoise: number;
  /** Share a day by which its traffic grows. */
  readonly growth: number;
  /** Share of requests in production; the rest is in staging and, where there is one, in development. */
  readonly production: number;
  /** Versions of its prompt, the first from before everything. */
  readonly versions: Rollout[];
}

/** A release, or a version of a prompt, and how it comes. */
export interface Rollout {
  /** Hours since hour 0. */
  readonly at: number;
  readonly name: string;
  /** The share of requests that it reaches within two hours, and stays at. */
  readonly share: number;
}

export interface Service {
  readonly name: string;
  /** The first from before everything. */
  readonly releases: Rollout[];
  /** A service that was never taught to say who asks, or for which team. */
  readonly tellsUser: boolean;
  readonly tellsTeam: boolean;
}

/** A company of which weeks of traffic can be drawn. */
export interface World {
  readonly seed: number;
  /** Milliseconds since 1970 of hour 0, a full hour. */
  readonly start: number;
  readonly days: number;
  readonly services: readonly Service[];
  readonly features: readonly Feature[];
  readonly users: number;
  /** How unequal users are: exponent of Zipf's law. */
  readonly zipf: number;
  readonly regions: readonly string[];
  readonly regionIn: "tag" | "column";
  readonly plans: readonly string[];
  readonly globalNoise: number;
  /** How far the sizes of a day are off by themselves. */
  readonly sizeNoise: number;
  /** Share of calls of which an attribute got lost. */
  readonly lost: number;
  readonly failures: number;
  /** How repeated attempts are known as such. */
  readonly retryEvidence: "explicit" | "sibling";
  readonly hasDevelopment: boolean;
}

const names = {
  features:
    "support-chat support-agent ticket-summary answers recommendations extraction contract-review drafts lead-research code-review commit-messages moderation translation onboarding reports voice-notes triage pricing-advice search-rerank meeting-notes catalogue image-captions invoice-check policy-check".split(
      " ",
    ),
  services: "api web worker docs sales tools community mobile data edge".split(" "),
  teams: "support discovery documents legal sales platform growth finance".split(" "),
  regions: "eu-west us-east ap-south sa-east us-west".split(" "),
  plans: "free pro team enterprise".split(" "),
  tools:
    "search_orders search_docs check_policy read_file run_linter fetch_page query_db read_clause list_tickets get_weather".split(
      " ",
    ),
};

/** @param callsPerDay about how many calls an ordinary day has */
export function drawWorld(seed: number, days: number, callsPerDay: number): World {
  const random = new Random(seed, 1);
  const services = drawServices(random, days);
  const features = drawFeatures(random, services.length, days);
  const calls = features.reduce((sum, one) => sum + one.requestsPerDay * callsOf(one), 0);
  for (const feature of features) feature.requestsPerDay *= callsPerDay / calls;
  return {
    seed,
    // Any hour of any weekday of the year.
    start: Date.UTC(2026, 0, 1) + random.whole(0, 300) * 86_400_000,
    days,
    services,
    features,
    users: Math.round(random.scale(200, 3_000)),
    zipf: random.between(0.6, 1.1),
    regions: names.regions.slice(0, random.whole(1, 5)),
    regionIn: random.pick(["tag", "column"]),
    plans: names.plans.slice(0, random.whole(1, 4)),
    globalNoise: random.between(0.01, 0.05),
    sizeNoise: random.between(0.005, 0.025),
    lost: random.pick([0, 0, 0.01, 0.03]),
    failures: random.between(0.002, 0.02),
    retryEvidence: random.pick(["explicit", "sibling"]),
    hasDevelopment: random.chance(0.4),
  };
}

function drawServices(random: Random, days: number): Service[] {
  return names.services.slice(0, random.whole(3, 9)).map((name) => {
    const every = random.scale(2, 14) * 24;
    const releases = rollouts(random, `${name}-1.`, every, days);
    return { name, releases, tellsUser: random.chance(0.9), tellsTeam: random.chance(0.85) };
  });
}

/** The first from before everything, then others `every` so many hours, until a day before the end. */
function rollouts(random: Random, name: string, every: number, days: number): Rollout[] {
  const all: Rollout[] = [{ at: -1_000, name: `${name}0`, share: 1 }];
  for (let at = random.next() * every; at < (days - 1) * 24; at += every * random.around(1, 0.4)) {
    all.push({ at, name: `${name}${all.length}`, share: 1 });
  }
  return all;
}

function drawFeatures(random: Random, services: number, days: number): Feature[] {
  const count = random.whole(6, names.features.length);
  const unnamed = random.chance(0.3) ? random.whole(0, count - 1) : -1;
  const teams = names.teams.slice(0, random.whole(2, names.teams.length));
  return random
    .shuffled(names.features)
    .slice(0, count)
    .map((name, index): Feature => {
      const work = random.pick<Work>(["chat", "chat", "search", "agent", "agent", "batch"]);
      const isAgent = work === "agent";
      const model =
        random.chance(0.04) && !isAgent
          ? ownModel
          : random.pick(isAgent || random.chance(0.4) ? largeModels : smallModels);
      const isDear = model.output > 50_000_000;
      return {
        index,
        name: index === unnamed ? null : name,
        work,
        service: random.whole(0, services - 1),
        team: random.pick(teams),
        model,
        prompt: random.chance(0.6) ? `${name}-prompt` : null,
        requestsPerDay: random.around(isDear ? 0.15 : 1, 0.9),
        inputTokens: random.scale(400, work === "batch" ? 20_000 : 9_000),
        growthTokens: isAgent ? random.scale(300, 2_500) : 0,
        outputTokens: random.scale(60, 900),
        cachedShare: random.chance(0.3) ? 0 : random.between(0.2, 0.9),
        sizeSpread: random.between(0.2, 0.8),
        steps: isAgent ? random.between(2.5, 7) : 1,
        agent: isAgent ? `${name}-agent` : null,
        tools: isAgent ? random.shuffled(names.tools).slice(0, random.whole(2, 5)) : [],
        helper:
          isAgent && random.chance(0.25)
            ? { agent: `${name}-helper`, model: random.pick(smallModels) }
            : undefined,
        ...drawRhythm(random, work),
        dayNoise: random.between(0.02, 0.09),
        growth: 0.002 + 0.004 * random.normal(),
        production: random.between(0.85, 0.98),
        versions: rollouts(random, "v", random.scale(4, 40) * 24, days),
      };
    });
}

/** Weight of each hour of a day, which sum to 1. */
function drawRhythm(random: Random, work: Work): Pick<Feature, "rhythm" | "weekend"> {
  const peak = work === "batch" ? random.between(0, 5) : random.between(8, 20);
  const flat = random.between(0.15, 0.7);
  const weights = Array.from(
    { length: 24 },
    (_, hour) => flat + (1 - flat) * (0.5 + 0.5 * Math.cos(((hour - peak) / 12) * Math.PI)) ** 2,
  );
  const sum = weights.reduce((all, weight) => all + weight, 0);
  return {
    rhythm: weights.map((weight) => weight / sum),
    weekend: random.pick([random.between(0.15, 0.5), random.between(0.7, 1.2)]),
  };
}

/** Calls of one request, on average. */
export function callsOf({ work, steps, helper }: Feature): number {
  if (work === "search") return 2;
  return steps + (helper === undefined ? 0 : 1.5);
}
