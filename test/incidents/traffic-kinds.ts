import { featureOf, inFeature, type Kind } from "./kind.ts";
import type { Request } from "./traffic.ts";

export const regionSurge: Kind = (setting) => {
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

export const featureLaunch: Kind = (setting) => {
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

export const abusiveUser: Kind = (setting) => {
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

export const loadTest: Kind = (setting) => {
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
