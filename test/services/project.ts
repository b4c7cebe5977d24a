import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Cell } from "./cells.ts";
import { npm } from "./npm.ts";
import { packInstrumentation } from "./packed.ts";
import { alone, cache } from "./places.ts";
import { nodeOf } from "./runtimes.ts";

/** A folder with services in it, in which the packages of a cell are installed. */
export interface Project {
  readonly cell: Cell;
  readonly folder: string;
  /** Path of the Node that the services run on. */
  readonly node: string;
  /** Path of the package under test. */
  readonly tarball: string;
}

const here = fileURLToPath(new URL(".", import.meta.url));

/**
 * Installs `cell` as a user would: with npm, the package under test from its tarball. What is installed already is left as it
 * is.
 *
 * @param flags more arguments for `npm install`
 * @throws Error saying what npm could not install
 */
export async function installProject(cell: Cell, flags: readonly string[] = []): Promise<Project> {
  const node = await nodeOf(cell.node);
  const tarball = await packInstrumentation();
  const key = hash(JSON.stringify(cell.packages)).slice(0, 12);
  const folder = join(cache, "projects", `${cell.name}-${key}`);
  await alone(cell.name, async () => {
    const marker = join(folder, "installed");
    if (existsSync(marker) && readFileSync(marker, "utf8") === tarball) return;
    rmSync(marker, { force: true });
    removeOthers(cell, folder);
    mkdirSync(folder, { recursive: true });
    const dependencies = { ...cell.packages, "@spancost/instrumentation": `file:${tarball}` };
    writeFileSync(
      join(folder, "package.json"),
      JSON.stringify({ name: "services", private: true, dependencies }),
    );
    await npm(node, folder, ["install", "--ignore-scripts", ...flags]);
    writeFileSync(marker, tarball);
  });
  // Inside the project, so that the services find its packages as their own.
  for (const part of ["apps", "setups", "consumer"]) {
    cpSync(join(here, part), join(folder, part), { recursive: true });
  }
  return { cell, folder, node, tarball };
}

/** Installed for versions that are no longer wanted. */
function removeOthers(cell: Cell, folder: string): void {
  const projects = join(cache, "projects");
  if (!existsSync(projects)) return;
  for (const name of readdirSync(projects)) {
    const path = join(projects, name);
    const isOfCell = name.slice(0, name.lastIndexOf("-")) === cell.name;
    if (isOfCell && path !== folder) rmSync(path, { recursive: true, force: true });
  }
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
