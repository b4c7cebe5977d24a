import { globSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

/** Packages from the ground up. Each may import only those before it. */
const layers = [
  "semconv",
  "pricing",
  "instrumentation",
  "records",
  "store",
  "receiver",
  "analysis",
  "web",
  "cli",
];

/** What a package may not import although it stands below: only `cli` puts these together. */
const apart: Readonly<Record<string, readonly string[]>> = { receiver: ["store"] };

const sources = globSync(["packages/*/src/**/*.ts", "packages/web/page/**/*.{ts,tsx}"]).filter(
  (path) => !path.endsWith(".test.ts"),
);
const all = globSync([
  "packages/*/src/**/*.ts",
  "packages/web/page/**/*.{ts,tsx,css}",
  "test/**/*.ts",
  "queries/*.sql",
  "docs/*.md",
  "*.md",
]);

function importedLayers(source: string): readonly string[] {
  return [...source.matchAll(/(?:from|import)\s*\(?\s*"@spancost\/([a-z]+)/g)]
    .map((match) => match[1] ?? "")
    .filter((name) => layers.includes(name));
}

test("there are sources to check", () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(importedLayers('import { x } from "@spancost/store";')).toEqual(["store"]);
});

describe.each(sources)("%s", (path) => {
  const source = readFileSync(path, "utf8");
  const layer = path.split("/")[1] ?? "";

  test("imports downward only", () => {
    const wrong = importedLayers(source).filter(
      (name) => layers.indexOf(name) >= layers.indexOf(layer) || apart[layer]?.includes(name),
    );
    expect(wrong).toEqual([]);
  });

  test("imports files, not the package's own index", () => {
    expect(source).not.toMatch(/from "\.{1,2}\/index\.ts"/);
  });

  test("is one idea: at most 400 lines", () => {
    expect(source.split("\n").length).toBeLessThanOrEqual(400);
  });
});

test("package.json files declare only packages below", () => {
  for (const path of globSync("packages/*/package.json")) {
    const layer = path.split("/")[1] ?? "";
    const { dependencies } = JSON.parse(readFileSync(path, "utf8")) as {
      dependencies: Record<string, string>;
    };
    const wrong = Object.keys(dependencies)
      .map((name) => name.replace("@spancost/", ""))
      .filter((name) => layers.includes(name) && layers.indexOf(name) >= layers.indexOf(layer));
    expect([path, wrong]).toEqual([path, []]);
  }
});

test("the lock file lists the packages of every platform", () => {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies ?? {}).filter(
      (name) =>
        !(`node_modules/${name}` in lock.packages) &&
        !(`${path}/node_modules/${name}` in lock.packages),
    ),
  );
  expect(missing).toEqual([]);
});

test("no loose ends", () => {
  const words = new RegExp(
    ["TO" + "DO", "FIX" + "ME", "X" + "XX"].map((word) => `\\b${word}\\b`).join("|"),
  );
  const skips = /\b(test|it|describe)\.(only|skip|todo)\b/;
  const loose = all.filter((path) => {
    const text = readFileSync(path, "utf8");
    return words.test(text) || skips.test(text.replaceAll("String.raw", ""));
  });
  expect(loose.filter((path) => !path.endsWith("tidy.test.ts"))).toEqual([]);
});
