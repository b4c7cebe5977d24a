import { type Call, callsOfRequest, type Effect } from "./calls.ts";
import type { Cause } from "./cause.ts";
import { Random } from "./random.ts";
import { type Request, Traffic } from "./traffic.ts";
import type { World } from "./world.ts";

/** The hours in which causes are at work, from the first to before the last. */
export interface Hours {
  readonly from: number;
  readonly to: number;
}

/**
 * Gives the calls of a world, hour by hour, with causes at work in `during`.
 *
 * All that a cause does not touch is the same with it and without it.
 */
export function generate(
  world: World,
  causes: readonly Cause[],
  during: Hours,
  { from, to }: Hours,
  take: (call: Call) => void,
): void {
  const traffic = new Traffic(world);
  for (let hour = from; hour < to; hour += 1) {
    const active = hour >= during.from && hour < during.to ? causes : [];
    for (const feature of world.features) {
      const expected = traffic.expected(feature, hour);
      const usual = new Random(world.seed, 16, feature.index, hour).poisson(expected);
      for (let nth = 0; nth < usual; nth += 1) {
        giveCalls(world, traffic.request(feature, hour, nth), active, take);
      }
      for (const [index, cause] of active.entries()) {
        const mean = cause.extra?.(feature, hour, expected) ?? 0;
        const more =
          mean > 0 ? new Random(world.seed, 17, index, feature.index, hour).poisson(mean) : 0;
        for (let nth = 0; nth < more; nth += 1) {
          const request = traffic.request(feature, hour, 1_000_000 * (index + 1) + nth);
          cause.disguise?.(request);
          giveCalls(world, request, active, take);
        }
      }
    }
  }
}

function giveCalls(
  world: World,
  request: Request,
  causes: readonly Cause[],
  take: (call: Call) => void,
): void {
  const effects: Effect[] = [];
  for (const { effect } of causes) {
    const one = effect?.(request);
    if (one) effects.push(one);
  }
  for (const call of callsOfRequest(world, request, effects)) take(call);
}
