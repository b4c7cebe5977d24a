import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { cases } from "./cases.ts";

/** How many lines each part of the checklist has: requests that are taken, refused, of gRPC, and about operation. */
const parts = { A: 23, B: 28, C: 5, D: 6 } as const;

const checklist = Object.entries(parts).flatMap(([part, count]) =>
  Array.from({ length: count }, (_, index) => `${part}${String(index + 1).padStart(2, "0")}`),
);

const folders = [".", "../../../../test/conformance"].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);
const files = folders.flatMap((cwd) =>
  globSync("*.test.ts", { cwd }).map((name) => readFileSync(`${cwd}/${name}`, "utf8")),
);
const titles = files.flatMap((text) => [
  ...[...text.matchAll(/"((?:[A-D]\d\d ?)+)/g)].map(([, ids = ""]) => ids),
]);
const tested = new Set([...titles, ...cases.map(({ id }) => id)].flatMap((ids) => ids.split(" ")));

test.each(checklist)("%s is tested", (id) => {
  expect(tested).toContain(id);
});
