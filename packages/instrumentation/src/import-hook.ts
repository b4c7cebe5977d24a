import * as nodeModule from "node:module";
import { pathToFileURL } from "node:url";
import { startingHookThread } from "./hook-thread.ts";
import type { ModulePlace } from "./sdk-modules.ts";

const hook = "@opentelemetry/instrumentation/hook.mjs";

/**
 * Lets instrumentations see what is loaded by `import`. Without it they see what is loaded by `require` only, and an
 * application of ES modules has no spans of models, without a word.
 *
 * Source: opentelemetry-js, doc/esm-support.md.
 *
 * @param place where the instrumentations are: two hooks, or one of another copy, and there are no spans either
 */
export function hookImports(place: ModulePlace): void {
  if (isHooked()) return;
  const path = place.find(hook);
  if (path === undefined) return;
  startingHookThread(() => nodeModule.register(pathToFileURL(path)));
}

/** By a flag that the application was started with. */
function isHooked(): boolean {
  const flags = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].join(" ");
  return flags.includes("instrumentation/hook.mjs") || flags.includes("import-in-the-middle");
}
