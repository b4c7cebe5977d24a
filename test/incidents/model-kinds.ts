import type { Call } from "./calls.ts";
import type { Cause } from "./cause.ts";
import { featureOf, inFeature, isPriced, type Kind } from "./kind.ts";
import { elsewhere, largeModels, type Model } from "./models.ts";
import type { Request } from "./traffic.ts";
import type { Feature } from "./world.ts";

export const modelSwap: Kind = (setting) => {
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

export const priceChange: Kind = ({ world, random }) => {
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

export const dearerProvider: Kind = (setting) => {
  const feature = featureOf(setting);
  const model = feature && elsewhere.get(feature.model.name);
  if (!feature || !model) return undefined;
  return [moved(feature, model, setting.random.between(0.4, 1), inFeature(feature))];
};
