import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";

/** What a package.json says, as far as it is looked at. */
export interface PackageJson {
  readonly name?: string;
  readonly version?: string;
  readonly type?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node?: string };
}

export interface InstalledPackage {
  readonly folder: string;
  readonly version: string;
}

/** The package.json of `folder`, or `undefined` where there is none that can be read. */
export function readPackageJson(folder: string): PackageJson | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return typeof json === "object" && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/** The package that code in `folder` gets for `name`. Its own `exports` may hide its package.json from `require`. */
export function installedFrom(folder: string, name: string): InstalledPackage | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const found = packageAt(join(at, "node_modules", name));
    if (found !== undefined) return found;
    if (at === dirname(at)) return undefined;
  }
}

function packageAt(path: string): InstalledPackage | undefined {
  if (!existsSync(path)) return undefined;
  const folder = realpathSync(path);
  const version = readPackageJson(folder)?.version;
  return version === undefined ? undefined : { folder, version };
}

/** Nested far beyond what package managers make. */
const maxDepth = 6;

/** Every copy of `name` below `folder`'s node_modules, by real folder. */
export function copiesOf(folder: string, name: string): readonly InstalledPackage[] {
  const copies = new Map<string, InstalledPackage>();
  const seen = new Set<string>();
  const visit = (modules: string, depth: number) => {
    if (depth > maxDepth || !existsSync(modules)) return;
    const real = realpathSync(modules);
    if (seen.has(real)) return;
    seen.add(real);
    const found = packageAt(join(modules, name));
    if (found !== undefined) copies.set(found.folder, found);
    for (const path of packagesIn(modules)) visit(join(path, "node_modules"), depth + 1);
  };
  visit(join(folder, "node_modules"), 0);
  return [...copies.values()];
}

function packagesIn(modules: string): readonly string[] {
  return foldersIn(modules).flatMap((name) =>
    name.startsWith("@")
      ? foldersIn(join(modules, name)).map((inner) => join(modules, name, inner))
      : [join(modules, name)],
  );
}

function foldersIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).filter((name) => !name.startsWith("."));
  } catch {
    return [];
  }
}

/** The numbers that a version begins with: "4.19.0-beta.1" is 4, 19, 0. */
export function numbersOf(version: string): readonly number[] {
  return version.split(".", 3).map((part) => Number.parseInt(part, 10) || 0);
}

/** Below 0 where `a` is the older version, above 0 where it is the newer. */
export function compareVersions(a: string, b: string): number {
  const left = numbersOf(a);
  const right = numbersOf(b);
  for (let place = 0; place < 3; place += 1) {
    const difference = (left[place] ?? 0) - (right[place] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
