import { fileURLToPath } from "node:url";

/** The path of a module that a process is started with, beside the module of `url`: from source, or compiled, as that is. */
export function childEntry(name: string, url: string): string {
  return fileURLToPath(new URL(url.endsWith(".ts") ? `${name}.ts` : `${name}.js`, url));
}

/** What is kept of this process's environment: no token, no path of a database. */
const kept = ["PATH", "TZ", "LANG", "SystemRoot"];

/** The environment of a process that needs nothing to be told. */
export function childEnvironment(): Record<string, string> {
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}
