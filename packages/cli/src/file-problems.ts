import type { FileProblem } from "@spancost/pricing/yaml";

/** More are no help: the file is something else. */
const maxProblems = 20;

const maxProblemLength = 200;

/** "contract.yaml:3:5: unknown key …" */
export function placed(fileName: string, { line, column, message }: FileProblem): string {
  return `${fileName}:${line}:${column}: ${message}`;
}

/** "has 2 problems, and nothing was loaded:", then a line for each. */
export function problemsText(fileName: string, problems: readonly FileProblem[]): string {
  const all = problems.map((problem) => `\n  ${shortened(placed(fileName, problem))}`);
  const lines = all.slice(0, maxProblems);
  if (all.length > lines.length) lines.push(`\n  … and ${all.length - lines.length} more`);
  const count = all.length === 1 ? "a problem" : `${all.length} problems`;
  return `has ${count}, and nothing was loaded:${lines.join("")}`;
}

function shortened(text: string): string {
  return text.length <= maxProblemLength ? text : `${text.slice(0, maxProblemLength)}…`;
}
