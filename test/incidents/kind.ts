import type { Call } from "./calls.ts";
import type { Cause } from "./cause.ts";
import type { Random } from "./random.ts";
import type { Request } from "./traffic.ts";
import type { Feature, Service, World } from "./world.ts";

/** What a kind of incident is made from. `from` is the hour in which it begins. */
export interface Setting {
  readonly world: World;
  readonly random: Random;
  readonly from: number;
}

/** Draws causes, or nothing where the world has no place for them. It may add releases to the world. */
export type Kind = (setting: Setting) => readonly Cause[] | undefined;

export const isPriced = (feature: Feature) => feature.model.unpriced !== true;

export function featureOf(
  { world, random }: Setting,
  fits: (one: Feature) => boolean = () => true,
) {
  const fitting = world.features.filter((one) => isPriced(one) && fits(one));
  return fitting.length === 0 ? undefined : random.pick(fitting);
}

export const inFeature = (feature: Feature) => (call: Call) => call.request.feature === feature;
export const isAgent = ({ work }: Feature) => work === "agent";

function serviceOf(world: World, feature: Feature): Service {
  const service = world.services[feature.service];
  if (!service) throw new Error("a feature without a service");
  return service;
}

/** A release that begins with the incident. Without the incident it is there too, and harmless. */
export function release({ world, random, from }: Setting, feature: Feature, share: number): string {
  const { name, releases } = serviceOf(world, feature);
  const release = `${name}-2.${random.whole(0, 9)}`;
  releases.push({ at: from - 2, name: release, share });
  return release;
}

export const ofRelease = (feature: Feature, name: string) => (request: Request) =>
  request.feature === feature && request.release === name;

/** Of a chat or a search the call of the model; of an agent each of its calls. */
export const isChat = ({ operation }: Call) => operation === "chat";
