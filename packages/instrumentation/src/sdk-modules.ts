import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** A class of a module whose types are not at hand. */
export type Constructor = new (...args: readonly unknown[]) => object;

/** What a module exports, by name. */
export type ModuleExports = Readonly<Record<string, unknown>>;

/** Loads modules as seen from some place. */
export interface ModulePlace {
  /** @throws Error where it is not installed */
  load(name: string): ModuleExports;
  /** Path of its file, or `undefined` where it is not installed. */
  find(name: string): string | undefined;
}

/** As seen from the module or folder at `path`. */
export function placeAt(path: string): ModulePlace {
  const require = createRequire(path);
  return {
    load: (name) => require(name) as ModuleExports,
    find: (name) => {
      try {
        return require.resolve(name);
      } catch {
        return undefined;
      }
    },
  };
}

/** From the application first, for it has the SDK that counts, then from this package. */
export function findPlaceOf(name: string): ModulePlace | undefined {
  for (const start of [applicationPath(), import.meta.url]) {
    const path = placeAt(start).find(name);
    if (path !== undefined) return placeAt(path);
  }
  return undefined;
}

/** A file in the folder that the application was started in; it need not exist. */
function applicationPath(): string {
  return pathToFileURL(join(process.cwd(), "application.js")).href;
}

/** The class that `module` exports as `name`. */
export function classNamed(module: ModuleExports, name: string): Constructor {
  const found = module[name];
  if (typeof found !== "function") throw new Error(`no class ${name} there`);
  return found as Constructor;
}
