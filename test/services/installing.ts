import { beforeAll, type TestContext } from "vitest";
import type { Cell } from "./cells.ts";
import { installProject, type Project } from "./project.ts";

/** An installation on a slow network. */
const timeout = 300_000;

/**
 * Installs `cell` before the tests of a file.
 *
 * @param flags more arguments for `npm install`
 * @returns gives the project to a test; where no registry can be reached the test is skipped, saying so, except in CI
 */
export function installing(
  cell: Cell,
  flags: readonly string[] = [],
): (context: TestContext) => Project {
  let project: Project | undefined;
  let unreachable = "";
  beforeAll(async () => {
    try {
      project = await installProject(cell, flags);
    } catch (error) {
      if (process.env["CI"] || !isUnreachable(error)) throw error;
      unreachable = `npm cannot install what the services need: ${error}`;
    }
  }, timeout);
  return ({ skip }) => project ?? skip(unreachable);
}

function isUnreachable(error: unknown): boolean {
  return /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ERR_SOCKET/.test(String(error));
}
