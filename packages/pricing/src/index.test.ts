import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** What a source imports, and what that imports, as far as it is code: types are erased. */
function importedBy(url: URL, seen = new Map<string, readonly string[]>()) {
  if (seen.has(url.pathname)) return seen;
  const source = readFileSync(url, "utf8");
  const names = [...source.matchAll(/^(?:import|export) (?!type )[^;]*? from "([^"]+)";$/gm)].map(
    ([, name = ""]) => name,
  );
  seen.set(url.pathname, names);
  for (const name of names) if (name.startsWith(".")) importedBy(new URL(name, url), seen);
  return seen;
}

test("who only prices needs neither a YAML parser nor a module of Node", () => {
  const imported = importedBy(new URL("./index.ts", import.meta.url));
  expect(imported.size).toBeGreaterThan(25);
  const packages = [...imported.values()].flat().filter((name) => !name.startsWith("."));
  expect(new Set(packages)).toEqual(new Set(["@pydantic/genai-prices", "@spancost/semconv"]));
  const parser = importedBy(new URL("./contract/index.ts", import.meta.url));
  expect([...parser.values()].flat()).toContain("yaml");
});
