import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { version } from "./version.ts";

test("is that of package.json", () => {
  const path = new URL("../package.json", import.meta.url);
  expect(JSON.parse(readFileSync(path, "utf8")).version).toBe(version);
});
