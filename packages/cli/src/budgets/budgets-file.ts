import type { Budgets } from "@spancost/analysis";
import type { FileProblem } from "@spancost/pricing/yaml";
import { CommandError } from "../errors.ts";
import { problemsText } from "../file-problems.ts";

/** Where budgets are looked for when no file is named. */
export const defaultBudgetsFile = "spancost.budgets.yaml";

/** A file of budgets, and what it is called. */
export interface BudgetsText {
  readonly text: string;
  readonly fileName: string;
}

/**
 * The budgets in a file's text.
 *
 * @throws CommandError that names every problem with its line
 */
export async function budgetsOf({ text, fileName }: BudgetsText): Promise<Budgets> {
  // Only who has budgets waits for the YAML parser.
  const { parseBudgets } = await import("@spancost/analysis/budgets");
  const parsed = parseBudgets(text);
  if (parsed.budgets !== undefined) return parsed.budgets;
  const problems: readonly FileProblem[] = parsed.problems;
  throw new CommandError(`${fileName} ${problemsText(fileName, problems)}`);
}
