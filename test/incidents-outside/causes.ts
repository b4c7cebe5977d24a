/** What a cause is, and what happens in a world that has some. */

import { type Call, callsOf, type Knobs, spendOf } from "./calls.ts";
import type { Feature } from "./companies.ts";
import { Draw } from "./draw.ts";
import { day, type Labels, type Request, type World } from "./requests.ts";

export interface Cause {
  /** Names that tell it right: of calls, the best one first. */
  readonly names: readonly Labels[];
  readonly mechanisms: readonly string[];
  readonly from: number;
  /** Which requests it changes (or copies), and which share of them. */
  readonly requests: Labels;
  readonly share?: (strength: number) => number;
  readonly knobs?: (strength: number) => Knobs;
  /** Requests that come on top: how many for each of the usual ones, and how they differ from those. */
  readonly copies?: {
    readonly count: (strength: number, at: number) => number;
    readonly as: Labels;
    readonly feature?: Feature;
    readonly later?: number;
  };
  readonly strongest: number;
  /** A price that rises; told to the command in a contract. */
  readonly price?: true;
}

/** A request with its calls, the cause that changed it, and what that cost. */
export interface Happening {
  readonly request: Request;
  readonly calls: readonly Call[];
  readonly cause: number | undefined;
  readonly excess: number;
}

export function fits(name: Labels, labels: Labels): boolean {
  return Object.entries(name).every(([label, value]) => (labels[label] ?? null) === value);
}

/** What happens in a world: its requests, those that causes add, and what each costs more than without. */
export function happeningsOf(
  world: World,
  requests: readonly Request[],
  causes: readonly { cause: Cause; strength: number }[],
): readonly Happening[] {
  const usual = requests.map((request): Happening => {
    const found = causes.findIndex(({ cause, strength }) =>
      changes(world, cause, strength, request),
    );
    const planted = causes[found];
    if (planted === undefined) {
      return { request, calls: callsOf(world, request), cause: undefined, excess: 0 };
    }
    const calls = callsOf(world, request, planted.cause.knobs?.(planted.strength));
    const excess = spendOf(calls) - spendOf(callsOf(world, request));
    return { request, calls, cause: found, excess };
  });
  const added = causes.flatMap(({ cause, strength }, index) =>
    copiesOf(world, requests, cause, strength).map((request): Happening => {
      const calls = callsOf(world, request);
      return { request, calls, cause: index, excess: spendOf(calls) };
    }),
  );
  return [...usual, ...added].sort((one, other) => one.request.at - other.request.at);
}

function changes(world: World, cause: Cause, strength: number, request: Request): boolean {
  if (cause.knobs === undefined || request.at < cause.from || !concerns(cause, request))
    return false;
  const share = cause.share?.(strength) ?? 1;
  return share >= 1 || new Draw(world.seed, "hit", request.key).unit() < share;
}

function concerns(cause: Cause, request: Request): boolean {
  return fits(cause.requests, { ...request.labels, model: request.feature.model });
}

function copiesOf(
  world: World,
  requests: readonly Request[],
  cause: Cause,
  strength: number,
): readonly Request[] {
  const { copies, from } = cause;
  if (copies === undefined) return [];
  return requests
    .filter((request) => request.at >= from && concerns(cause, request))
    .flatMap((request) => {
      const draw = new Draw(world.seed, "copy", request.key);
      const count = draw.poisson(copies.count(strength, request.at));
      return Array.from({ length: count }, (_, index): Request => {
        const moved = request.at + draw.between(-0.01, 0.01) * day + (copies.later ?? 0);
        const at = Math.round(Math.min(Math.max(moved, from), world.until - 120_000));
        // They are not asked by the same people as the ones that they are copies of.
        const { user_id = null, team = null, ...donor } = draw.pick(requests).labels;
        const who = { user_id, team, ...tenantOf(donor) };
        const feature = copies.feature ?? request.feature;
        const labels = { ...request.labels, ...who, ...copies.as };
        return { key: `${request.key}+${index}`, at, feature, labels };
      });
    });
}

function tenantOf(labels: Labels): Labels {
  const tenant = labels["tag:tenant"];
  return tenant === undefined ? {} : { "tag:tenant": tenant };
}

/** How strong a cause has to be to cost this much today; undefined if it cannot. */
export function strengthFor(
  world: World,
  today: readonly Request[],
  cause: Cause,
  usd: number,
): number | undefined {
  let strength = Math.min(1, cause.strongest);
  let excess = 0;
  for (let round = 0; round < 5; round++) {
    const happenings = happeningsOf(world, today, [{ cause, strength }]);
    excess = happenings.reduce((sum, happening) => sum + happening.excess, 0);
    if (excess <= 0) return undefined;
    if (Math.abs(excess / usd - 1) < 0.1) break;
    strength = Math.min(cause.strongest, strength * Math.min(20, usd / excess));
  }
  return excess > usd / 2 && excess < usd * 2 ? strength : undefined;
}
