import type { Kind } from "./kind.ts";

/** Releases of half of the services and new versions of prompts, all of them harmless. */
export const harmlessReleases: Kind = ({ world, random, from }) => {
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
export const busy: Kind = ({ random }) => {
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
