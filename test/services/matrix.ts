/**
 * Runs every service in every cell: Node 20 to 24, OpenTelemetry 2.x and 3.x, each way of starting. Slow.
 *
 * node --conditions=spancost-source test/services/matrix.ts [CELL...]
 *
 * Prints a line for each run, and at the end a table. Ends with 1 where anything is not as it must be, or a cell cannot be
 * installed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Cell, cells } from "./cells.ts";
import { printColdStarts } from "./cold-start.ts";
import { faultsOf } from "./faults.ts";
import { observe } from "./observe.ts";
import { installProject, type Project } from "./project.ts";
import { type Run, runsIn } from "./runs.ts";
import { scenarios } from "./scenarios.ts";

/** By scenario: how many of its runs were right, of how many. */
type Tally = Map<string, { right: number; all: number }>;

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !cells.some((cell) => cell.name === name));
  if (unknown.length > 0) throw new Error(`no cell ${unknown.join(", ")}`);
  const chosen = cells.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
  const tallies = new Map<Cell, Tally>();
  for (const cell of chosen) {
    const tally = await runCell(cell);
    if (tally !== undefined) tallies.set(cell, tally);
  }
  printTable(tallies);
  await printColdStarts(chosen);
}

async function runCell(cell: Cell): Promise<Tally | undefined> {
  let project: Project;
  try {
    project = await installProject(cell);
  } catch (error) {
    console.log(`${cell.name}: cannot be installed here: ${error}`);
    process.exitCode = 1;
    return undefined;
  }
  console.log(`\n${cell.name}: ${versionsIn(project)}`);
  const tally: Tally = new Map();
  for (const run of runsIn(cell)) {
    const faults = await faultsIn(project, run);
    const count = tally.get(run.scenario.name) ?? { right: 0, all: 0 };
    count.all += 1;
    if (faults.length === 0) count.right += 1;
    tally.set(run.scenario.name, count);
    console.log(`${faults.length === 0 ? "  ok  " : "FAULT "} ${cell.name}  ${run.name}`);
    for (const fault of faults) console.log(`         ${fault}`);
    if (faults.length > 0) process.exitCode = 1;
  }
  return tally;
}

async function faultsIn(project: Project, { scenario, kind, setup }: Run) {
  try {
    return faultsOf(scenario, await observe(project, scenario, kind, setup));
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** What npm chose where the cell leaves it to npm. */
function versionsIn({ node, folder }: Project): string {
  const names = ["sdk-node", "instrumentation-openai", "instrumentation-http", "api"];
  const versions = names.map((name) => {
    const path = join(folder, "node_modules/@opentelemetry", name, "package.json");
    try {
      return `${name} ${JSON.parse(readFileSync(path, "utf8")).version}`;
    } catch {
      return `${name} not at the top`;
    }
  });
  return [node, ...versions].join(", ");
}

/** Runs that were right, of all of a scenario's in a cell; a dash where it does not go with the cell. */
function printTable(tallies: ReadonlyMap<Cell, Tally>): void {
  const columns = [...tallies.keys()];
  console.log(`\n| | ${columns.map(({ name }) => name).join(" | ")} |`);
  console.log(`|---|${columns.map(() => "---").join("|")}|`);
  for (const { name } of scenarios) {
    const counts = columns.map((cell) => tallies.get(cell)?.get(name));
    const texts = counts.map((count) =>
      count === undefined ? "–" : `${count.right}/${count.all}`,
    );
    console.log(`| ${name} | ${texts.join(" | ")} |`);
  }
}

await main(process.argv.slice(2));
