import type { Call } from "./calls.ts";
import type { Cause } from "./cause.ts";
import { elsewhere, largeModels, type Model } from "./models.ts";
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

const isPriced = (feature: Feature) => feature.model.unpriced !== true;

function featureOf({ world, random }: Setting, fits: (one: Feature) => boolean = () => true) {
  const fitting = world.features.filter((one) => isPriced(one) && fits(one));
  return fitting.length === 0 ? undefined : random.pick(fitting);
}

const inFeature = (feature: Feature) => (call: Call) => call.request.feature === feature;
const isAgent = ({ work }: Feature) => work === "agent";

function serviceOf(world: World, feature: Feature): Service {
  const service = world.services[feature.service];
  if (!service) throw new Error("a feature without a service");
  return service;
}

/** A release that begins with the incident. Without the incident it is there too, and harmless. */
function release({ world, random, from }: Setting, feature: Feature, share: number): string {
  const { name, releases } = serviceOf(world, feature);
  const release = `${name}-2.${random.whole(0, 9)}`;
  releases.push({ at: from - 2, name: release, share });
  return release;
}

const ofRelease = (feature: Feature, name: string) => (request: Request) =>
  request.feature === feature && request.release === name;

/** Of a chat or a search the call of the model; of an agent each of its calls. */
const isChat = ({ operation }: Call) => operation === "chat";

const retryStorm: Kind = (setting) => {
  const feature = featureOf(setting);
  if (!feature) return undefined;
  const attempts = setting.random.scale(0.5, 3);
  return [
    {
      where: `feature=${feature.name}`,
      mechanisms: ["retries"],
      covers: inFeature(feature),
      effect: (request) =>
        request.feature === feature
          ? { wasted: (call, random) => (isChat(call) ? random.poisson(attempts) : 0) }
          : undefined,
    },
  ];
};

const runawayLoop: Kind = (setting) => {
  const feature = featureOf(setting, isAgent);
  if (!feature) return undefined;
  const share = setting.random.between(0.25, 1);
  const name = release(setting, feature, share);
  const times = setting.random.scale(1.6, 5);
  const is = ofRelease(feature, name);
  return [
    {
      where: `feature=${feature.name}, release=${name}`,
      mechanisms: ["loops"],
      covers: ({ request }) => is(request),
      effect: (request) =>
        is(request) ? { steps: (steps) => Math.round(steps * times) } : undefined,
    },
  ];
};

const promptDoubled: Kind = (setting) => {
  const feature = featureOf(setting);
  if (!feature) return undefined;
  const name = release(setting, feature, setting.random.between(0.15, 0.7));
  const times = setting.random.between(1.8, 3);
  const is = ofRelease(feature, name);
  return [
    {
      where: `feature=${feature.name}, release=${name}`,
      mechanisms: ["input"],
      covers: ({ request }) => is(request),
      effect: (request) =>
        is(request)
          ? {
              call: (call) => {
                if (isChat(call)) call.input *= times;
              },
            }
          : undefined,
    },
  ];
};

const modelSwap: Kind = (setting) => {
  const feature = featureOf(setting);
  if (!feature) return undefined;
  const dearer = largeModels.filter(({ output }) => output > 1.3 * feature.model.output);
  if (dearer.length === 0) return undefined;
  const model = setting.random.pick(dearer);
  const share = setting.random.pick([1, setting.random.between(0.3, 0.9)]);
  return [moved(feature, model, share, ({ request }) => request.feature === feature)];
};

/** Part of a feature's calls go to another model, from request to request. */
function moved(feature: Feature, model: Model, share: number, is: (call: Call) => boolean): Cause {
  const old = feature.model;
  const goes = (request: Request) => (request.key % 1_000) / 1_000 < share;
  return {
    where: `feature=${feature.name}, model=${model.name}, provider=${model.provider}`,
    mechanisms: ["mix"],
    covers: (call) => is(call) && call.model === model,
    effect: (request) =>
      request.feature === feature && goes(request)
        ? {
            call: (call) => {
              if (call.model === old) call.model = model;
            },
          }
        : undefined,
  };
}

const brokenCache: Kind = (setting) => {
  const feature = featureOf(setting, ({ cachedShare }) => cachedShare > 0.3);
  if (!feature) return undefined;
  const left = setting.random.pick([0, setting.random.between(0, 0.4)]);
  return [
    {
      where: `feature=${feature.name}`,
      mechanisms: ["cache"],
      covers: inFeature(feature),
      effect: (request) =>
        request.feature === feature
          ? {
              call: (call) => {
                const writes = call.model.cacheWrite !== undefined && call.cachedShare > 0;
                call.cachedShare *= left;
                call.writtenShare = writes ? (1 - call.cachedShare) * 0.7 : 0;
              },
            }
          : undefined,
    },
  ];
};

const regionSurge: Kind = (setting) => {
  const { world, random } = setting;
  if (world.regions.length < 2) return undefined;
  const region = random.pick(world.regions);
  const feature = random.chance(0.5)
    ? featureOf(setting, ({ work }) => work !== "batch")
    : undefined;
  const times = random.scale(0.8, 4);
  const is = (request: Request) =>
    request.region === region && (feature === undefined || request.feature === feature);
  return [
    {
      where: `region=${region}${feature ? `, feature=${feature.name}` : ""}`,
      mechanisms: ["traffic"],
      covers: ({ request }) => is(request),
      extra: (one, _, expected) =>
        (feature === undefined ? one.work !== "batch" : one === feature)
          ? (expected * times) / world.regions.length
          : 0,
      disguise: (request) => {
        request.region = region;
      },
    },
  ];
};

const featureLaunch: Kind = (setting) => {
  const feature = featureOf(setting, ({ name }) => name !== null);
  if (!feature) return undefined;
  const requests = feature.requestsPerDay * setting.random.scale(0.5, 2);
  // Nobody asked for it before.
  feature.requestsPerDay = 0;
  return [
    {
      where: `feature=${feature.name}`,
      mechanisms: ["traffic"],
      covers: inFeature(feature),
      extra: (one) => (one === feature ? requests / 16 : 0),
    },
  ];
};

const abusiveUser: Kind = (setting) => {
  const { world, random } = setting;
  const feature = featureOf(
    setting,
    ({ work, service }) => work !== "batch" && (world.services[service]?.tellsUser ?? false),
  );
  if (!feature) return undefined;
  const user = random.chance(0.5) ? `user-${random.whole(0, world.users - 1)}` : "user-9999";
  const times = random.scale(0.3, 3);
  return [
    {
      where: `user_id=${user}, feature=${feature.name}`,
      mechanisms: ["traffic"],
      covers: ({ request }) => request.user === user && request.feature === feature,
      extra: (one, _, expected) => (one === feature ? expected * times : 0),
      disguise: (request) => {
        request.user = user;
        request.environment = "production";
      },
    },
  ];
};

const priceChange: Kind = ({ world, random }) => {
  const models = [...new Set(world.features.filter(isPriced).map(({ model }) => model))];
  const old = random.pick(models);
  const times = random.scale(1.2, 3);
  const dearer: Model = {
    ...old,
    input: Math.round(old.input * times),
    cacheRead: Math.round(old.cacheRead * times),
    cacheWrite: old.cacheWrite === undefined ? undefined : Math.round(old.cacheWrite * times),
    output: Math.round(old.output * times),
  };
  return [
    {
      where: `model=${old.name}`,
      mechanisms: ["price"],
      covers: ({ model }) => model === dearer || model === old,
      effect: () => ({
        call: (call) => {
          if (call.model === old) call.model = dearer;
        },
      }),
    },
  ];
};

const longerAnswers: Kind = (setting) => {
  const feature = featureOf(setting);
  if (!feature) return undefined;
  const times = setting.random.scale(1.6, 5);
  const isVersioned = feature.prompt !== null && setting.random.chance(0.5);
  const share = setting.random.between(0.3, 1);
  if (isVersioned) feature.versions.push({ at: setting.from - 2, name: "v99", share });
  const is = (request: Request) =>
    request.feature === feature && (!isVersioned || request.promptVersion === "v99");
  return [
    {
      where: `feature=${feature.name}${isVersioned ? ", prompt_version=v99" : ""}`,
      mechanisms: ["output"],
      covers: ({ request }) => is(request),
      effect: (request) =>
        is(request)
          ? {
              call: (call) => {
                call.output *= times;
              },
            }
          : undefined,
    },
  ];
};

const dearerProvider: Kind = (setting) => {
  const feature = featureOf(setting);
  const model = feature && elsewhere.get(feature.model.name);
  if (!feature || !model) return undefined;
  return [moved(feature, model, setting.random.between(0.4, 1), inFeature(feature))];
};

const loadTest: Kind = (setting) => {
  const feature = featureOf(setting);
  if (!feature) return undefined;
  const requests = feature.requestsPerDay * setting.random.scale(0.02, 0.2);
  return [
    {
      where: `environment=staging, feature=${feature.name}`,
      mechanisms: ["traffic"],
      covers: ({ request }) => request.feature === feature && request.environment === "staging",
      extra: (one) => (one === feature ? requests : 0),
      disguise: (request) => {
        request.environment = "staging";
        request.user = null;
      },
    },
  ];
};

const largeToolResult: Kind = (setting) => {
  const feature = featureOf(setting, isAgent);
  if (!feature) return undefined;
  const tool = setting.random.pick(feature.tools);
  const tokens = feature.inputTokens * setting.random.scale(2, 12);
  return [
    {
      where: `tool=${tool}, feature=${feature.name}`,
      mechanisms: ["input"],
      covers: (call) => call.request.feature === feature && call.tool === tool,
      effect: (request) =>
        request.feature === feature
          ? {
              call: (call, random) => {
                if (call.tool === tool) call.input += random.around(tokens, 0.3);
              },
            }
          : undefined,
    },
  ];
};

const pastedNovels: Kind = (setting) => {
  const { world, random } = setting;
  const feature = featureOf(
    setting,
    ({ work, service }) => work !== "batch" && (world.services[service]?.tellsUser ?? false),
  );
  if (!feature) return undefined;
  // Among the busier ones: who hardly asks pastes hardly anything.
  const user = `user-${(random.whole(0, 5) + feature.index * 17) % world.users}`;
  const times = random.scale(8, 60);
  const is = (request: Request) => request.feature === feature && request.user === user;
  return [
    {
      where: `user_id=${user}, feature=${feature.name}`,
      mechanisms: ["input"],
      covers: ({ request }) => is(request),
      effect: (request) =>
        is(request)
          ? {
              call: (call) => {
                if (isChat(call)) call.input = Math.min(call.input * times, 400_000);
              },
            }
          : undefined,
    },
  ];
};

const promptAndCache: Kind = (setting) => {
  const feature = featureOf(setting, ({ cachedShare }) => cachedShare > 0.3);
  if (!feature) return undefined;
  const name = release(setting, feature, setting.random.between(0.4, 1));
  const times = setting.random.between(1.4, 2.5);
  const is = ofRelease(feature, name);
  return [
    {
      where: `feature=${feature.name}, release=${name}`,
      mechanisms: ["input", "cache"],
      covers: ({ request }) => is(request),
      effect: (request) =>
        is(request)
          ? {
              call: (call) => {
                call.input *= times;
                call.writtenShare *= call.cachedShare > 0 ? 1 / (1 - call.cachedShare) : 1;
                call.cachedShare = 0;
                call.writtenShare = Math.min(call.writtenShare, 0.9);
              },
            }
          : undefined,
    },
  ];
};

const single: Readonly<Record<string, Kind>> = {
  "retry storm": retryStorm,
  "runaway loop in a release": runawayLoop,
  "prompt doubled by a canary": promptDoubled,
  "model swap": modelSwap,
  "broken prompt cache": brokenCache,
  "traffic surge in a region": regionSurge,
  "feature launch": featureLaunch,
  "abusive user": abusiveUser,
  "price change": priceChange,
  "longer answers": longerAnswers,
  "fallback to a dearer provider": dearerProvider,
  "load test in staging": loadTest,
  "tool that returns too much": largeToolResult,
  "user pasting novels": pastedNovels,
  "prompt and cache together": promptAndCache,
};

/** Two causes that have no call in common: in two features. */
const twoAtOnce: Kind = (setting) => {
  const draw = (kinds: readonly Kind[]) => setting.random.pick(kinds)(setting);
  const kinds = [
    retryStorm,
    runawayLoop,
    promptDoubled,
    modelSwap,
    brokenCache,
    longerAnswers,
    loadTest,
    largeToolResult,
  ];
  const [first] = draw(kinds) ?? [];
  const [second] = draw(kinds) ?? [];
  if (!first || !second) return undefined;
  const featureIn = ({ where }: Cause) => /feature=([^,]+)/.exec(where)?.[1];
  return featureIn(first) === featureIn(second) ? undefined : [first, second];
};

/** Releases of half of the services and new versions of prompts, all of them harmless. */
const harmlessReleases: Kind = ({ world, random, from }) => {
  for (const service of world.services) {
    if (random.chance(0.6)) {
      const share = random.pick([1, random.between(0.1, 0.8)]);
      service.releases.push({
        at: from - random.between(0, 3),
        name: `${service.name}-3.0`,
        share,
      });
    }
  }
  for (const feature of world.features) {
    if (random.chance(0.3)) feature.versions.push({ at: from - 1, name: "v98", share: 1 });
  }
  return [];
};

/** A window in which everybody asks more. It is unusual and needs no explanation. */
const busy: Kind = ({ random }) => {
  const more = random.between(0.08, 0.25);
  return [
    {
      where: "everywhere",
      mechanisms: [],
      covers: () => true,
      extra: (_, __, expected) => expected * more,
    },
  ];
};

/** Kinds with something to find. */
export const incidentKinds: Readonly<Record<string, Kind>> = {
  ...single,
  "two at once": twoAtOnce,
};

/** Kinds with nothing to find. */
export const quietKinds: Readonly<Record<string, Kind>> = {
  "quiet week": () => [],
  "harmless releases": harmlessReleases,
  "busy day": busy,
};
