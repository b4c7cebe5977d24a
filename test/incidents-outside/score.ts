/**
 * How right `spancost explain` is about planted incidents, by kind and by company.
 *
 *     node --conditions=spancost-source test/incidents-outside/score.ts --seeds 0..29
 *
 * `--folder` keeps the databases with their truth; what is there is replayed and not made again. `--replay` takes only
 * what is there. `--cases` lists every case.
 */
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { parseArgs } from "node:util";
import { choose, prepare, spancost, type Truth } from "./cases.ts";
import { type Judged, judge } from "./judge.ts";

function main(): void {
  const { values } = parseArgs({
    options: {
      seeds: { type: "string", default: "0..29" },
      folder: { type: "string", default: `${tmpdir()}/incidents-outside` },
      replay: { type: "boolean", default: false },
      cases: { type: "boolean", default: false },
    },
  });
  mkdirSync(values.folder, { recursive: true });
  const [first = 0, last = first] = values.seeds.split("..").map(Number);
  const judged: Judged[] = [];
  const take = (truth: Truth) => {
    const one = judge(truth, explained(truth, values.folder));
    judged.push(one);
    if (values.cases) console.log(line(one));
  };
  if (values.replay) {
    for (const truth of kept(values.folder, first, last)) take(truth);
  } else {
    for (let seed = first; seed <= last; seed++) {
      const [truth = prepare(choose(seed), values.folder)] = kept(values.folder, seed, seed);
      take(truth);
    }
  }
  for (const by of ["kind", "company"] as const) {
    table(
      judged.filter(({ truth }) => !truth.quiet),
      (one) => one.truth[by],
    );
  }
  quietTable(judged.filter(({ truth }) => truth.quiet));
}

function* kept(folder: string, first: number, last: number): Generator<Truth> {
  const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
  const seedOf = (file: string) => Number(file.split("-")[0]);
  files.sort((one, other) => seedOf(one) - seedOf(other));
  for (const file of files) {
    const seed = seedOf(file);
    if (seed >= first && seed <= last) yield JSON.parse(readFileSync(`${folder}/${file}`, "utf8"));
  }
}

/** By turns for the window that the command chooses, and for the day. */
function explained(truth: Truth, folder: string) {
  const window = truth.seed % 2 === 0 ? [] : ["--since", truth.since, "--until", truth.until];
  const db = `${folder}/${truth.name}.duckdb`;
  return JSON.parse(spancost("explain", "--json", "--quiet", "--db", db, ...window));
}

function line({ truth, first, all, mechanism, error, spurious, findings }: Judged): string {
  const marks = truth.quiet ? "" : `${sign(first)}${sign(all)}${sign(mechanism)}`;
  const off = error === undefined ? "" : ` off ${percent(error)}`;
  const told = findings.map(({ name, jaccard }) => `${name} J=${jaccard.toFixed(2)}`).join(" | ");
  const planted = truth.causes.map(({ names }) => JSON.stringify(names[0])).join(" ");
  return `${marks.padEnd(3)} ${truth.name} ${planted}${off} spurious ${spurious}: ${told}`;
}

function table(judged: readonly Judged[], by: (one: Judged) => string): void {
  const rows: [string, readonly Judged[]][] = [...Map.groupBy(judged, by), ["all", judged]];
  console.log(`\n${"".padEnd(24)}  n first  in3  mech  $ off  spurious`);
  for (const [name, group] of rows) {
    const share = (right: (one: Judged) => boolean) =>
      percent(group.filter(right).length / group.length).padStart(5);
    const errors = group.flatMap(({ error }) => (error === undefined ? [] : [error]));
    errors.sort((one, other) => one - other);
    const median = errors[errors.length >> 1];
    const spurious = group.reduce((sum, one) => sum + one.spurious, 0);
    console.log(
      `${name.padEnd(24)} ${String(group.length).padStart(2)} ${share((one) => one.first)} ${share((one) => one.all)} ${share((one) => one.mechanism)} ${(median === undefined ? "–" : percent(median)).padStart(6)} ${String(spurious).padStart(6)}`,
    );
  }
}

function quietTable(judged: readonly Judged[]): void {
  console.log(`\n${"quiet".padEnd(24)}  n  with an alarm`);
  for (const [name, group] of [
    ...Map.groupBy(judged, ({ truth }) => truth.kind),
    ["all", judged] as const,
  ]) {
    const alarms = group.filter(({ spurious }) => spurious > 0).length;
    console.log(`${name.padEnd(24)} ${String(group.length).padStart(2)} ${alarms}`);
  }
}

function sign(yes: boolean): string {
  return yes ? "+" : "-";
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}

main();
