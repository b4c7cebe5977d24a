import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { findProvider } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { catalogueVersion, sourceOf } from "./catalogue-version.ts";
import { catalogueProviderIds } from "./providers.ts";

/** The installed package's folder `dist`. */
const dist = dirname(createRequire(import.meta.url).resolve("@pydantic/genai-prices"));

test("the catalogue is the one this version was built on", () => {
  const { name, version } = JSON.parse(readFileSync(join(dist, "../package.json"), "utf8"));
  expect(catalogueVersion.source).toBe(`${name.replace("@pydantic/", "")}@${version}`);
  const code = readFileSync(join(dist, "index.js"));
  expect(createHash("sha256").update(code).digest("hex")).toBe(catalogueVersion.sha256);
});

test("every provider of the catalogue is in our table, and no other", () => {
  const code = readFileSync(join(dist, "index.js"), "utf8");
  const ids = [...code.matchAll(/^ {4}id: "(.+)",$/gm)].map((match) => match[1]);
  expect(ids.length).toBeGreaterThan(40);
  expect([...catalogueProviderIds].sort()).toEqual(ids.sort());
});

test("prices that an application loaded later do not go by the bundled version's name", () => {
  const openai = findProvider({ providerId: "openai" });
  if (openai === undefined) throw new Error("the catalogue has no provider openai");
  expect(sourceOf(openai)).toBe("genai-prices@0.1.8");
  expect(sourceOf({ ...openai })).toBe("genai-prices@updated");
});
