import { featureOf, isAgent, isChat, type Kind, ofRelease, release } from "./kind.ts";
import type { Request } from "./traffic.ts";

export const runawayLoop: Kind = (setting) => {
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

export const promptDoubled: Kind = (setting) => {
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

export const promptAndCache: Kind = (setting) => {
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

export const longerAnswers: Kind = (setting) => {
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
