import type { Contract } from "@spancost/pricing";
import type { ContractProblem } from "@spancost/pricing/contract";
import { CommandError } from "./errors.ts";

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
  const placed = ({ line, column, message }: ContractProblem) =>
    `${fileName}:${line}:${column}: ${message}`;
  if (parsed.contract !== undefined) {
    return { contract: parsed.contract, warnings: parsed.warnings.map(placed) };
  }
  const lines = parsed.problems.map((problem) => `\n  ${placed(problem)}`);
  const count = lines.length === 1 ? "a problem" : `${lines.length} problems`;
  throw new CommandError(`${fileName} has ${count}, and nothing was loaded:${lines.join("")}`);
}
