import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildShim } from "./disk/shim.ts";
import type { Outcome, Part } from "./part.ts";
import { commandOf, type Plan } from "./plan.ts";

/** Violations of one part that are printed; all are counted. */
const mostPrinted = 40;

/** How a part went. */
export interface PartReport extends Outcome {
  readonly name: string;
  readonly seconds: number;
}

/**
 * Runs the parts one after the other and tells of each as it ends.
 *
 * What a part leaves is removed where it found nothing wrong, and kept where it did.
 */
export async function runCampaign(
  { seed, parts }: Plan,
  print: (line: string) => void,
): Promise<readonly PartReport[]> {
  const work = mkdtempSync(join(tmpdir(), "spancost-faults-"));
  const shim = buildShim(work);
  if ("no" in shim) print(`NO POWER LOSSES AND FAILING DISKS HERE: ${shim.no}`);
  const reports: PartReport[] = [];
  for (const [nth, part] of parts.entries()) {
    const folder = join(work, String(nth));
    mkdirSync(folder);
    const progress = (line: string) => print(`  ${line}`);
    reports.push(await runPart(part, { seed, folder, shim, progress }));
    const report = reports.at(-1) as PartReport;
    print(lineOf(report));
    for (const violation of report.violations.slice(0, mostPrinted)) {
      print(`  VIOLATED ${violation}`);
    }
    if (report.violations.length === 0) rmSync(folder, { recursive: true });
    else print(`  again: ${commandOf(seed, part)}`);
  }
  const isGood = reports.every(({ violations }) => violations.length === 0);
  if (isGood) rmSync(work, { recursive: true });
  else print(`what the violations left is in ${work}`);
  return reports;
}

async function runPart(part: Part, world: Parameters<Part["run"]>[0]): Promise<PartReport> {
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 1000);
  try {
    const outcome = await part.run(world, part.wanted);
    const bySenders = outcome.ledgers.flatMap((ledger) => ledger.violations);
    const violations = [...outcome.violations, ...bySenders];
    return { ...outcome, violations, name: part.name, seconds: seconds() };
  } catch (error) {
    const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const violations = [`the campaign itself failed: ${reason}`];
    return { name: part.name, faults: 0, ledgers: [], figures: {}, violations, seconds: seconds() };
  }
}

function lineOf(report: PartReport): string {
  const { name, faults, notRun, figures, seconds, violations } = report;
  if (notRun !== undefined) return `${name}: NOT RUN: ${notRun}`;
  const rest = Object.entries(figures).map(([figure, value]) => `${figure}: ${value}`);
  const verdict = violations.length === 0 ? "ok" : `${violations.length} violations`;
  return [`${name}: ${verdict}, ${faults} in ${seconds} s`, ...rest].join("; ");
}

const head = [
  ...[
    "what was done",
    "faults",
    "spans sent",
    "acknowledged",
    "sent again",
    "lost",
    "counted twice",
  ],
  ...["violations", "time"],
];

/** All parts under each other, as a table in Markdown. */
export function tableOf(reports: readonly PartReport[]): string {
  const sum = (report: PartReport, of: "sent" | "acked" | "resent" | "lost" | "doubled") =>
    report.ledgers.reduce((total, ledger) => total + ledger[of], 0).toLocaleString("en-US");
  const rows = reports.map((report) => [
    report.name,
    report.notRun === undefined ? String(report.faults) : "not run",
    ...(["sent", "acked", "resent", "lost", "doubled"] as const).map((of) => sum(report, of)),
    String(report.violations.length),
    `${report.seconds} s`,
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join(" | ")} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`,
  );
  return [head, rule, ...rows].map(line).join("\n");
}
