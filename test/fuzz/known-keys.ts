import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const captures = fileURLToPath(new URL("../captures/", import.meta.url));

let known: readonly string[] | undefined;

/** Names of attributes that the recorded emitters send. */
export function knownKeys(): readonly string[] {
  known ??= [
    ...new Set(
      captureFiles("json").flatMap((file) =>
        [...readFileSync(file, "utf8").matchAll(/"key":\s*"([^"\\]+)"/g)].map(
          (match) => match[1] ?? "",
        ),
      ),
    ),
  ].sort();
  return known;
}

/** Recorded requests in one of the two encodings. */
export function captureFiles(encoding: "pb" | "json"): readonly string[] {
  return globSync(`*/*.traces.otlp.${encoding}`, { cwd: captures })
    .toSorted()
    .map((name) => captures + name);
}
