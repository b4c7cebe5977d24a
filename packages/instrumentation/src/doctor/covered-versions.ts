import { readFileSync } from "node:fs";
import { join } from "node:path";
import { compareVersions } from "./installed.ts";

/** Where the official instrumentations keep the versions that they support, in the generations of their packages. */
const files = ["dist/instrumentation.cjs", "build/src/instrumentation.js"];

/**
 * The range of versions of `client` that the instrumentation in `folder` says it supports, such as ">=4.19.0 <7"; read from its
 * code, for nothing else says it. `undefined` where it cannot be found.
 */
export function coveredVersions(folder: string, client: string): string | undefined {
  for (const file of files) {
    try {
      const code = readFileSync(join(folder, file), "utf8");
      const found = new RegExp(`["']${client}["'],\\s*\\[\\s*["']([^"']+)["']`).exec(code);
      if (found?.[1] !== undefined) return found[1];
    } catch {
      // Of another generation.
    }
  }
  return undefined;
}

/** Whether `version` is in a range of the form ">=4.19.0 <7". A range of another form is taken for one that fits. */
export function isCovered(version: string, range: string): boolean {
  const bounds = [...range.matchAll(/(>=|<=|>|<)\s*(\d[\w.-]*)/g)];
  return bounds.every(([, operator, bound = ""]) => {
    const difference = compareVersions(version, bound);
    switch (operator) {
      case ">=":
        return difference >= 0;
      case "<=":
        return difference <= 0;
      case ">":
        return difference > 0;
      default:
        return difference < 0;
    }
  });
}
