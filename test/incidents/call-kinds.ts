import { featureOf, inFeature, isAgent, isChat, type Kind } from "./kind.ts";
import type { Request } from "./traffic.ts";

export const retryStorm: Kind = (setting) => {
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

export const brokenCache: Kind = (setting) => {
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

export const largeToolResult: Kind = (setting) => {
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

export const pastedNovels: Kind = (setting) => {
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
