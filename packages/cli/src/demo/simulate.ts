import type { SpanExporter } from "@opentelemetry/sdk-trace-base";
import { hourMillis } from "../durations.ts";
import {
  type AgentWork,
  type Feature,
  runawayAgent,
  runawaySteps,
  type Service,
  services,
  userCount,
} from "./company.ts";
import { ExportQueue } from "./export-queue.ts";
import { features } from "./features.ts";
import { Random } from "./random.ts";
import { type Release, releaseAt } from "./releases.ts";
import { shareOfHour } from "./rhythm.ts";
import { Scribe, ServiceTracers } from "./scribe.ts";
import { writeRequest } from "./write-requests.ts";

/** The day of the incident, and a week before it to compare it with. */
export const demoDays = 8;
/** Longer than any request takes: all of them end before the demo does. */
const quietMillis = 6 * 60_000;
const seed = 20_261_119;

/** What was simulated. */
export interface Simulated {
  readonly spans: number;
  readonly requests: number;
}

/** A request that will be made. */
interface Planned {
  readonly at: number;
  readonly feature: Feature;
}

/**
 * Writes the traffic of the days before `until` through `exporter`. The same `until` gives the same spans.
 *
 * @param until milliseconds since 1970, a full hour
 * @param progress told of the spans sent so far, and of the share of the time that is over
 * @throws where the exporter fails
 */
export async function simulate(
  until: number,
  exporter: SpanExporter,
  progress: (spans: number, share: number) => void,
): Promise<Simulated> {
  const random = new Random(seed);
  const queue = new ExportQueue(exporter);
  const tracers = new TracersByRelease(new Random(seed + 1), queue);
  const since = until - demoDays * 24 * hourMillis;
  const plan = planRequests(since, until, random);
  for (const { at, feature } of plan) {
    const service: Service = services[feature.service];
    const release = releaseAt(service, at, until, random);
    const scribe = new Scribe(tracers.of(service, release), at);
    const setting = { scribe, random, conversation: `conv_${random.hex(12)}` };
    writeRequest(setting, feature, drawCaller(random), (work) =>
      drawSteps(work, isRunaway(work, service, release), random),
    );
    await queue.room();
    progress(queue.ended, (at - since) / (until - since));
  }
  await queue.shutdown();
  return { spans: queue.ended, requests: plan.length };
}

/** All requests in the order of time, each feature with its own rhythm and good and bad days. */
function planRequests(since: number, until: number, random: Random): readonly Planned[] {
  const plan: Planned[] = [];
  for (const feature of features) {
    let mood = 1;
    for (let hour = since; hour < until; hour += hourMillis) {
      if ((hour - since) % (24 * hourMillis) === 0) mood = random.around(1, 0.06);
      const mean = feature.requestsPerDay * shareOfHour(feature.rhythm, hour) * mood;
      for (let left = random.poisson(mean); left > 0; left -= 1) {
        plan.push({ at: Math.floor(hour + random.next() * hourMillis), feature });
      }
    }
  }
  return plan.filter(({ at }) => at < until - quietMillis).sort((a, b) => a.at - b.at);
}

function drawCaller(random: Random) {
  const member = random.busyMember(userCount);
  const user = `user-${String(member + 1).padStart(4, "0")}`;
  return { user, plan: member % 11 === 0 ? "enterprise" : member % 3 === 0 ? "pro" : "free" };
}

/** The incident: from its last release on, the agent of support-api does not notice that it is done. */
function isRunaway(work: AgentWork, service: Service, release: Release): boolean {
  return work.agent === runawayAgent && release.ordinal === service.releases.length - 1;
}

function drawSteps(work: AgentWork, runaway: boolean, random: Random): number {
  if (!runaway) return Math.min(12, 2 + random.poisson(work.steps - 2));
  const steps = 6 + random.poisson(runawaySteps.mean - 6);
  return Math.min(runawaySteps.most, random.chance(0.04) ? steps * 3 : steps);
}

/** One tracer provider per service and release, as each runs in processes of its own. */
class TracersByRelease {
  readonly #random: Random;
  readonly #queue: ExportQueue;
  readonly #tracers = new Map<string, ServiceTracers>();

  constructor(random: Random, queue: ExportQueue) {
    this.#random = random;
    this.#queue = queue;
  }

  of(service: Service, release: Release): ServiceTracers {
    const key = `${service.name} ${release.name}`;
    const known = this.#tracers.get(key);
    if (known !== undefined) return known;
    const made = new ServiceTracers(service.name, release.name, this.#random, this.#queue);
    this.#tracers.set(key, made);
    return made;
  }
}
