import { brokenCache, largeToolResult, pastedNovels, retryStorm } from "./call-kinds.ts";
import type { Cause } from "./cause.ts";
import type { Kind } from "./kind.ts";
import { dearerProvider, modelSwap, priceChange } from "./model-kinds.ts";
import { busy, harmlessReleases } from "./quiet-kinds.ts";
import { longerAnswers, promptAndCache, promptDoubled, runawayLoop } from "./release-kinds.ts";
import { abusiveUser, featureLaunch, loadTest, regionSurge } from "./traffic-kinds.ts";

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
