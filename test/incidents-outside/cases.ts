/** One case: a company, a kind, a seed; planned, written, ingested, with the truth beside it. */
import { execFileSync } from "node:child_process";
import { closeSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { spendOf } from "./calls.ts";
import { type Cause, happeningsOf, strengthFor } from "./causes.ts";
import { type Company, companies, rates } from "./companies.ts";
import { Draw } from "./draw.ts";
import { kinds, type Plan, quietKinds } from "./kinds.ts";
import { linesOf } from "./otlp.ts";
import { hour, type Labels, requestsOf, requestsOn, type World, worldOf } from "./requests.ts";

export interface Truth {
  readonly name: string;
  readonly seed: number;
  readonly kind: string;
  readonly company: string;
  readonly quiet: boolean;
  readonly since: string;
  readonly until: string;
  readonly usd: number;
  readonly causes: readonly {
    readonly names: readonly Labels[];
    readonly mechanisms: readonly string[];
    readonly from: string;
    readonly strength: number;
    /** What it cost, by hour since the epoch, on all days. */
    readonly excess: Readonly<Record<number, number>>;
  }[];
  /** The calls of the last day: when, whose (an index into `labels`), for how much, by which cause. */
  readonly labels: readonly Labels[];
  readonly calls: readonly (readonly [at: number, labels: number, usd: number, cause: number])[];
}

/** What is to be made: a world, and its causes as strong as they are to be. */
export interface Case {
  readonly kind: string;
  readonly world: World;
  readonly causes: readonly { cause: Cause; strength: number }[];
}

/** A kind for a seed, in a company that can have it. */
export function choose(seed: number): Case {
  const names = [...Object.keys(kinds), ...Object.keys(quietKinds)];
  const kind = names[seed % names.length] as string;
  const round = Math.floor(seed / names.length);
  const turn = (round * 2 + (seed % names.length) * 5) % companies.length;
  for (let index = 0; index < companies.length; index++) {
    const company = companies[(turn + index) % companies.length] as Company;
    const planned = plannedCase(seed, kind, company);
    if (planned !== undefined) return planned;
  }
  throw new Error(`no company can have "${kind}" with seed ${seed}`);
}

/** The world with its causes, as strong as to cost a share of the day that is drawn. */
export function plannedCase(seed: number, kind: string, company: Company): Case | undefined {
  const lastDay = quietKinds[kind];
  let world = worldOf(seed, company, lastDay ?? {});
  if (lastDay !== undefined) return { kind, world, causes: [] };
  for (let attempt = 0; attempt < 8; attempt++) {
    const draw = new Draw(seed, kind, company.name, attempt);
    const plan = planIn(world, kind, draw);
    if (plan === undefined) continue;
    if (plan.canary !== undefined) world = { ...world, canary: plan.canary };
    const today = requestsOn(world, world.today);
    const bill = happeningsOf(world, today, []).reduce((sum, { calls }) => sum + spendOf(calls), 0);
    const share = 0.06 * (0.4 / 0.06) ** draw.unit();
    const causes = plan.causes.flatMap((cause) => {
      const strength = strengthFor(world, today, cause, (share * bill) / plan.causes.length ** 0.5);
      return strength === undefined ? [] : [{ cause, strength }];
    });
    if (causes.length === plan.causes.length) return { kind, world, causes };
  }
  return undefined;
}

function planIn(world: World, kind: string, draw: Draw): Plan | undefined {
  const today = requestsOn(world, world.today);
  const spend = new Map<Company["features"][number], number>();
  for (const { request, calls } of happeningsOf(world, today, [])) {
    spend.set(request.feature, (spend.get(request.feature) ?? 0) + spendOf(calls));
  }
  const features = [...spend.keys()].sort((one, other) => (one.name < other.name ? -1 : 1));
  const pick = (left: typeof features) =>
    draw.weighted(
      left,
      left.map((feature) => spend.get(feature) as number),
    );
  const feature = pick(features);
  const another = pick(features.filter((one) => one !== feature));
  const from = world.today + draw.pick([0, 0, 6, 9, 11]) * hour;
  return kinds[kind]?.({ world, draw, today, from, feature, another });
}

const root = new URL("../../", import.meta.url).pathname;

/** Runs the command from source. */
export function spancost(...args: readonly string[]): string {
  const main = `${root}packages/cli/src/main.ts`;
  return execFileSync(process.execPath, ["--conditions=spancost-source", main, ...args], {
    ...{ encoding: "utf8", cwd: root, maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "pipe"] },
  });
}

/** Writes a case's database and truth into a folder. */
export function prepare({ kind, world, causes }: Case, folder: string): Truth {
  const name = `${world.seed}-${world.company.name}-${kind}`.replaceAll(" ", "-");
  const files = { db: `${folder}/${name}.duckdb`, truth: `${folder}/${name}.json` };
  const happenings = happeningsOf(world, requestsOf(world), causes);
  const traces = `${folder}/${name}.jsonl`;
  const file = openSync(traces, "w");
  for (const line of linesOf(world, happenings)) writeSync(file, line);
  closeSync(file);
  rmSync(files.db, { force: true });
  const dearer = causes.find(({ cause }) => cause.price);
  if (dearer !== undefined) {
    writeFileSync(`${folder}/${name}.yaml`, contractOf(dearer.cause, dearer.strength));
    spancost("prices", "load", `${folder}/${name}.yaml`, "--db", files.db, "--quiet");
  }
  spancost("ingest", traces, "--db", files.db, "--quiet");
  rmSync(traces);
  const truth = truthOf(name, { kind, world, causes }, happenings);
  writeFileSync(files.truth, JSON.stringify(truth));
  return truth;
}

function contractOf(cause: Cause, strength: number): string {
  const { model, provider } = cause.requests as { model: keyof typeof rates; provider: string };
  const { input, read, write, output } = rates[model];
  const times = (rate: number) => Number((rate * (1 + strength)).toFixed(6));
  const written = provider === "anthropic" ? `, cache_write: ${times(write)}` : "";
  const cells = `input: ${times(input)}, cache_read: ${times(read)}, output: ${times(output)}`;
  const from = new Date(cause.from).toISOString();
  return `name: dearer\nprices:\n  - {provider: ${provider}, model: ${model}, from: "${from}", rates: {${cells}${written}}}\n`;
}

function truthOf(
  name: string,
  { kind, world, causes }: Case,
  happenings: ReturnType<typeof happeningsOf>,
): Truth {
  const texts = new Map<string, number>();
  const labelled = (labels: Labels) => {
    const text = JSON.stringify(labels);
    if (!texts.has(text)) texts.set(text, texts.size);
    return texts.get(text) as number;
  };
  const excess = causes.map(() => ({}) as Record<number, number>);
  for (const { cause, excess: usd, request } of happenings) {
    const hours = cause === undefined ? undefined : excess[cause];
    const clock = Math.floor(request.at / hour);
    if (hours !== undefined) hours[clock] = (hours[clock] ?? 0) + usd;
  }
  const calls = happenings
    .filter(({ request }) => request.at >= world.until - 25 * hour)
    .flatMap(({ calls, cause = -1 }) =>
      calls.map((call) => [call.at, labelled(call.labels), call.usd, cause] as const),
    );
  const times = { since: time(world.today), until: time(world.until) };
  const usd = happenings.reduce((sum, happening) => sum + spendOf(happening.calls), 0);
  return {
    ...{
      name,
      seed: world.seed,
      kind,
      company: world.company.name,
      quiet: causes.length === 0,
      ...times,
      usd,
    },
    causes: causes.map(({ cause, strength }, index) => ({
      ...{ names: cause.names, mechanisms: cause.mechanisms, strength },
      ...{ from: time(cause.from), excess: excess[index] ?? {} },
    })),
    ...{ calls, labels: [...texts.keys()].map((text) => JSON.parse(text)) },
  };
}

function time(at: number): string {
  return new Date(at).toISOString();
}
