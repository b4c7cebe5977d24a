import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Of a clone; where spancost is installed, a folder without `.git`. */
export const cloneFolder = fileURLToPath(new URL("../../..", import.meta.url));

/** What `npm run build` leaves behind: its time says which sources it knew. */
export const buildRecord = fileURLToPath(new URL("../dist/built", import.meta.url));

export const whatToType = `In ${cloneFolder} type: npm ci && npm run build`;

/**
 * True in a clone whose sources are newer than its build. That takes two looks at files, and one at every source only
 * where something was pulled, checked out or committed since the build.
 *
 * @param {string} clone
 * @param {string} record
 */
export function isStale(clone, record) {
  const moved = changedAt(join(clone, ".git/logs/HEAD"));
  if (moved === undefined) return false;
  const built = changedAt(record);
  if (built === undefined) return true;
  if (moved <= built) return false;
  return readdirSync(join(clone, "packages")).some((name) => {
    const sources = join(clone, "packages", name, "src");
    if (changedAt(sources) === undefined) return false;
    return readdirSync(sources, { recursive: true }).some(
      (file) => (changedAt(join(sources, String(file))) ?? 0) > built,
    );
  });
}

/**
 * True for a part of spancost that is not there: not built yet, or gone from the sources since.
 *
 * @param {unknown} error
 * @param {string} clone
 */
export function isOwnFileMissing(error, clone) {
  const { code, path, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code === "ENOENT") return path?.startsWith(clone) === true;
  return code === "ERR_MODULE_NOT_FOUND" && message.includes(clone);
}

/** @param {string} path */
function changedAt(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
