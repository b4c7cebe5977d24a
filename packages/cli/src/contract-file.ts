import type { Contract } from "@spancost/pricing";
import type { FileProblem } from "@spancost/pricing/contract";
import { CommandError } from "./errors.ts";

/** More are no help: the file is something else. */
const maxProblems = 20;

const maxProblemLength = 200;

function shortened(text: string): string {
  return text.length <= maxProblemLength ? text : `${text.slice(0, maxProblemLength)}…`;
}

export interface ReadContract {
  readonly contract: Contract;
  /** What is allowed and looks like a mistake, each with its line. */
  readonly warnings: readonly string[];
}

/**
 * The contract in a file's text.
 *
 * @throws CommandError that names every problem with its line
 */
export async function contractOf(text: string, fileName: string): Promise<ReadContract> {
  // Only who has a contract waits for the YAML parser.
  const { parseContract } = await import("@spancost/pricing/contract");
  const parsed = parseContract(text);
  const placed = ({ line, column, message }: FileProblem) =>
    `${fileName}:${line}:${column}: ${message}`;
  if (parsed.contract !== undefined) {
    return { contract: parsed.contract, warnings: parsed.warnings.map(placed) };
  }
  const all = parsed.problems.map((problem) => `\n  ${shortened(placed(problem))}`);
  const lines = all.slice(0, maxProblems);
  if (all.length > lines.length) lines.push(`\n  … and ${all.length - lines.length} more`);
  const count = all.length === 1 ? "a problem" : `${all.length} problems`;
  throw new CommandError(`${fileName} has ${count}, and nothing was loaded:${lines.join("")}`);
}
