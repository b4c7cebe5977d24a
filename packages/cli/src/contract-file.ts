import type { Contract } from "@spancost/pricing";
import { CommandError } from "./errors.ts";
import { placed, problemsText } from "./file-problems.ts";

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
  if (parsed.contract !== undefined) {
    const warnings = parsed.warnings.map((warning) => placed(fileName, warning));
    return { contract: parsed.contract, warnings };
  }
  throw new CommandError(`${fileName} ${problemsText(fileName, parsed.problems)}`);
}
