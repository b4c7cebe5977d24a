import { check } from "./check.ts";
import { collectorConfig } from "./collector-config.ts";
import { explain } from "./explain.ts";
import { prices } from "./prices.ts";
import { pricesRuns } from "./prices-runs.ts";
import { pricesUnpriced } from "./prices-unpriced.ts";
import { query } from "./query.ts";
import type { ReadingCommand } from "./reading-command.ts";
import { report } from "./report.ts";
import { top } from "./top.ts";
import { trace } from "./trace.ts";

/** The commands that read, in the order in which help lists them. */
export const readingCommands: readonly ReadingCommand[] = [
  explain,
  report,
  trace,
  top,
  query,
  check,
  prices,
  pricesUnpriced,
  pricesRuns,
  collectorConfig,
];

/** The one of that name, which is known to be there. */
export function readingCommand(name: string): ReadingCommand {
  const command = readingCommands.find((candidate) => candidate.name === name);
  if (command === undefined) throw new TypeError(`${name} is no command that reads`);
  return command;
}
