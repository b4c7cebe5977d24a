/** Kinds of incidents, and of days on which nothing happened. */
import type { Cause } from "./causes.ts";
import { type Feature, type Model, rates } from "./companies.ts";
import type { Draw } from "./draw.ts";
import { day, hour, type Labels, type LastDay, type Request, type World } from "./requests.ts";

/** A world in which a kind chooses where to happen. */
export interface Site {
  readonly world: World;
  readonly draw: Draw;
  readonly today: readonly Request[];
  /** When it begins: some hours after midnight, or with the day. */
  readonly from: number;
  /** A feature, the dearer the likelier. */
  readonly feature: Feature;
  readonly another: Feature;
}

export interface Plan {
  readonly causes: readonly Cause[];
  readonly canary?: NonNullable<World["canary"]>;
}

/** Where the company cannot have such an incident: no plan. */
export type Kind = (site: Site) => Plan | undefined;

const dearer: Partial<Record<Model, Model>> = {
  "gpt-5-nano": "gpt-5-mini",
  "gpt-4o-mini": "gpt-4.1-mini",
  "gpt-5-mini": "gpt-5",
  "gpt-4.1-mini": "gpt-4.1",
  "gpt-5": "claude-sonnet-4-5",
  "gpt-4.1": "claude-sonnet-4-5",
  "claude-haiku-4-5": "claude-sonnet-4-5",
  "claude-sonnet-4-5": "claude-opus-4-5",
};

/** How a feature's calls are told from others: where features are not told, by their service. */
function nameOf({ world }: Site, feature: Feature): Labels {
  return world.company.tellsFeature ? { feature: feature.name } : { service: feature.service };
}

type Change = Omit<Cause, "names" | "requests" | "from"> & { readonly where?: Labels };

/** Something changes in one feature. */
function inFeature(site: Site, change: Change, feature = site.feature): Cause {
  const { where = {}, ...cause } = change;
  const name = { ...nameOf(site, feature), ...where };
  return { ...cause, names: [name], requests: name, from: site.from };
}

/** Something changes with a release that only some requests are sent to. */
function inRelease(site: Site, share: number, change: Change): Plan {
  const { service } = site.feature;
  const release = "2.0.0-rc.1";
  const cause = inFeature(site, { ...change, where: { release } });
  return { causes: [cause], canary: { service, release, from: site.from, share } };
}

function only(cause: Cause): Plan {
  return { causes: [cause] };
}

/** More requests like some. */
function more(site: Site, name: Labels, of: Labels, as: Labels = name, later = 0): Plan {
  const copies = { count: (strength: number) => strength, as, later };
  const { from } = site;
  return only({
    ...{ names: [name], requests: of, from, copies },
    ...{ mechanisms: ["traffic"], strongest: 60 },
  });
}

/** A user who asks often, of the ones who are here today. */
function someUser({ draw, today }: Site, least: number): string | undefined {
  const counts = new Map<string, number>();
  for (const { labels } of today) {
    const user = labels["user_id"];
    if (user) counts.set(user, (counts.get(user) ?? 0) + 1);
  }
  const users = [...counts].filter(([, count]) => count >= least).map(([user]) => user);
  return users.length === 0 ? undefined : draw.pick(users);
}

function userKind(least: number, plan: (site: Site, user: string) => Plan): Kind {
  return (site) => {
    const user = someUser(site, least);
    return user === undefined ? undefined : plan(site, user);
  };
}

const traffic = { mechanisms: ["traffic"], strongest: 20 } as const;

export const kinds: Readonly<Record<string, Kind>> = {
  "retry storm": (site) =>
    only(inFeature(site, { ...retries(), where: draws(site, "region", 0.4) })),
  "loop in a release": (site) =>
    inRelease(site, site.draw.between(0.4, 1), {
      ...{ knobs: (strength) => ({ steps: 1 + strength }), mechanisms: ["loops"], strongest: 9 },
    }),
  "prompt of a canary": (site) =>
    inRelease(site, site.draw.between(0.2, 0.6), {
      ...{ knobs: (strength) => ({ system: 1 + strength }), mechanisms: ["input"], strongest: 30 },
    }),
  "model swap": (site) => {
    const model = dearer[site.feature.model];
    if (model === undefined) return undefined;
    const mechanisms = ["mix"];
    const share = (strength: number) => strength;
    return only(inFeature(site, { knobs: () => ({ model }), share, mechanisms, strongest: 1 }));
  },
  "broken cache": (site) =>
    only(inFeature(site, { ...cache((strength) => strength), strongest: 1 })),
  "surge in a region": (site) => {
    const region = site.draw.pick(site.world.company.regions);
    return site.world.company.regions.length < 2 ? undefined : more(site, { region }, { region });
  },
  "feature launch": (site) => {
    const { world, feature, another, from } = site;
    const fresh = { ...feature, name: "whats-new", service: another.service };
    const service = world.company.tellsFeature ? fresh.service : fresh.name;
    const told = { ...nameOf(site, { ...fresh, service }) };
    const as = { ...told, service, release: "1.0.0" };
    const copies = { count: (strength: number) => strength, as, feature: fresh };
    const requests = nameOf(site, feature);
    return only({ ...traffic, names: [told], requests, from, copies });
  },
  "abusive user": userKind(1, (site, user_id) =>
    more(site, { user_id }, nameOf(site, site.feature)),
  ),
  "price change": (site) => {
    const { model } = site.feature;
    const { provider } = rates[model];
    const name = { model, provider };
    const knobs = (strength: number) => ({ price: 1 + strength });
    const cause = { names: [name, { model }], requests: name, from: site.from, knobs };
    return only({ ...cause, mechanisms: ["price"], strongest: 2, price: true });
  },
  "longer answers": (site) => only(inFeature(site, answers())),
  "fallback provider": (site) => {
    const { service, model } = site.feature;
    const other: Model = rates[model].provider === "openai" ? "claude-sonnet-4-5" : "gpt-4.1";
    const share = (strength: number) => strength;
    const knobs = () => ({ model: other });
    return only({
      ...{ names: [{ service }, { service, model: other }], requests: { service } },
      ...{ from: site.from, knobs, share, mechanisms: ["mix"], strongest: 1 },
    });
  },
  "load test": (site) => {
    const environment = "staging";
    const users = site.world.company.users ? { user_id: "load-test" } : {};
    const as = { environment, ...users };
    return more(site, { environment }, nameOf(site, site.feature), as);
  },
  "tool returns too much": (site) => {
    const { tools } = site.feature;
    if (tools === undefined) return undefined;
    const name = site.draw.pick(tools.slice(0, 2));
    const knobs = (strength: number) => ({ tool: { name, result: 1 + 4 * strength } });
    const cause = inFeature(site, { knobs, mechanisms: ["input"], strongest: 25 });
    return only({ ...cause, names: [{ ...cause.requests, tool: name }, cause.requests] });
  },
  "novels of a user": userKind(4, (site, user_id) => {
    const knobs = (strength: number) => ({ question: 1 + 5 * strength });
    const cause = { names: [{ user_id }], requests: { user_id }, from: site.world.today, knobs };
    return only({ ...cause, mechanisms: ["input"], strongest: 60 });
  }),
  "loops of a user": userKind(4, (site, user_id) => {
    const knobs = (strength: number) => ({ steps: 1 + strength });
    const cause = { names: [{ user_id }], requests: { user_id }, from: site.world.today, knobs };
    return only({ ...cause, mechanisms: ["loops"], strongest: 40 });
  }),
  "two at once": (site) => {
    const { feature, another, draw } = site;
    if (feature.service === another.service) return undefined;
    const [one, two] = [draw.pick([retries, answers]), draw.pick([answers, prompts])];
    return { causes: [inFeature(site, one()), inFeature(site, two(), another)] };
  },
  "prompt and cache": (site) => {
    const knobs = (strength: number) => ({ system: 1 + strength, misses: 0.6 });
    return only(inFeature(site, { knobs, mechanisms: ["input", "cache"], strongest: 20 }));
  },
  "new tenant": (site) => {
    const tenant = { "tag:tenant": "tenant-new" };
    if (site.world.company.tenants === undefined) return undefined;
    return more(site, tenant, {}, tenant);
  },
  "tenant that grows": (site) => {
    const { world, draw } = site;
    const { tenants } = world.company;
    if (tenants === undefined) return undefined;
    const tenant = { "tag:tenant": `tenant-${draw.pick([0, 1, 2, 3])}` };
    const from = world.since;
    const grown = (at: number) => 1.15 ** ((at - world.today) / day);
    const count = (strength: number, at: number) => strength * grown(at);
    const copies = { count, as: tenant };
    return only({ ...traffic, names: [tenant], requests: tenant, from, copies });
  },
  "cron run twice": (site) => {
    const { feature, world } = site;
    if (feature.clock === "office") return undefined;
    const name = nameOf(site, feature);
    return more({ ...site, from: world.today }, name, name, {}, 3 * hour);
  },
  crawler: (site) => {
    const name = nameOf(site, site.feature);
    const nobody = site.world.company.users ? { user_id: null, team: null } : {};
    return more(site, name, name, { ...nobody, region: site.world.company.regions[0] ?? null });
  },
  "reasoning raised": (site) => inRelease(site, 1, answers()),
};

function answers(): Change {
  const knobs = (strength: number) => ({ answer: 1 + strength });
  return { knobs, mechanisms: ["output"], strongest: 9 };
}

function prompts(): Change {
  const knobs = (strength: number) => ({ system: 1 + strength });
  return { knobs, mechanisms: ["input"], strongest: 20 };
}

function retries(): Change {
  const knobs = (strength: number) => ({ cut: 0.4 * strength });
  return { knobs, mechanisms: ["retries"], strongest: 2.2 };
}

function cache(misses: (strength: number) => number): Omit<Change, "strongest"> {
  return { knobs: (strength) => ({ misses: misses(strength) }), mechanisms: ["cache"] };
}

/** Sometimes one of the regions only. */
function draws({ draw, world }: Site, label: string, chance: number): Labels {
  const { regions } = world.company;
  if (regions.length < 2 || draw.unit() > chance) return {};
  return { [label]: draw.pick(regions) };
}

export const quietKinds: Readonly<Record<string, LastDay>> = {
  "usual day": {},
  releases: { release: true },
  "busy day": { traffic: 1.3 },
  holiday: { traffic: 0.5, weekday: 4 },
  "wild users": { wild: 1.3 },
  weekend: { weekday: 6 },
  monday: { weekday: 1 },
  "clocks changed": { shift: 1 },
};
