import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { npm } from "./npm.ts";
import { alone, cache } from "./places.ts";

const folder = "packages/instrumentation";

/** All that the published package is made of. */
const sources = [
  `${folder}/*.{json,mjs,md}`,
  `${folder}/src/**/*.ts`,
  "packages/{pricing,semconv}/src/**/*.ts",
];

/**
 * The package as it would be published, made by `npm pack`; made anew only where its sources have changed.
 *
 * @returns path of the tarball, which has a name of its own for each content
 */
export async function packInstrumentation(): Promise<string> {
  const made = join(cache, "packed");
  const tarball = join(made, `spancost-instrumentation-${hashOfSources()}.tgz`);
  await alone("pack", async () => {
    if (existsSync(tarball)) return;
    rmSync(made, { recursive: true, force: true });
    mkdirSync(made, { recursive: true });
    const out = await npm(process.execPath, folder, ["pack", "--json", "--pack-destination", made]);
    renameSync(join(made, fileNameIn(out)), tarball);
  });
  return tarball;
}

/** What npm prints is preceded by what the package's own scripts print. */
function fileNameIn(output: string): string {
  const name = /"filename":\s*"([^"]+)"/.exec(output)?.[1];
  if (name === undefined) throw new Error(`npm pack named no file: ${output}`);
  return name;
}

function hashOfSources(): string {
  const hash = createHash("sha256");
  const files = globSync(sources).filter((path) => !path.endsWith(".test.ts"));
  for (const path of files.sort()) hash.update(path).update("\0").update(readFileSync(path));
  return hash.digest("hex").slice(0, 12);
}
