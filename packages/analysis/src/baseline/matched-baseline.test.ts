import fc from "fast-check";
import { expect, test } from "vitest";
import { wholeWeight } from "../bridge/sides.ts";
import { dimensionNames } from "../dimensions.ts";
import { type CellTable, labelOfCell, toCellTable } from "../reading/cell-table.ts";
import { matchBaseline } from "./matched-baseline.ts";

const noLabels = Object.fromEntries(dimensionNames.map((name) => [name, null]));

/** A cell in words: "before f 1 r1/m 10" is 10 calls of feature f at place 1 by release r1 and model m, "… 10 25" in 25 attempts. */
function rowOf(words: string) {
  const [side, feature = "", step = "", versions = "", calls = "", attempts = calls] =
    words.split(" ");
  const [release = null, model = null] = versions.split("/");
  const count = Number(attempts);
  return {
    ...noLabels,
    ...{ feature, release, model, step, service_tier: null },
    calls: count,
    counts: [side === "after" ? 0 : 1, count, Number(calls), 0, 0, 0, 0, 0],
    costs: [side === "after" ? 0 : 1, 0, 0, 0, 0, 0],
  };
}

function tableOf(cells: readonly string[]): CellTable {
  return toCellTable({ columns: [], rows: cells.map(rowOf) }, [], [1]);
}

/** A release and a model. */
type Labelled = readonly [release: string | null, model: string | null];

/** The pieces of the baseline: under which versions they are counted, and those that the calls had themselves. */
function piecesOf(table: CellTable) {
  const { pieces, versions } = matchBaseline(table);
  const named = (name: "release" | "model", nth: number, version: number) => {
    const labels = table.dimensions.find((dimension) => dimension.name === name);
    return labels?.values[versions.codes[nth]?.[version] ?? 0] ?? null;
  };
  return Array.from({ length: pieces.count }, (_, piece) => {
    const cell = pieces.cells[piece] ?? 0;
    const version = pieces.versions[piece] ?? 0;
    const own: Labelled = [
      labelOfCell(table.dimensions, "release", cell),
      labelOfCell(table.dimensions, "model", cell),
    ];
    const to: Labelled = [named("release", 0, version), named("model", 1, version)];
    const inWindow = pieces.inWindow[piece] === 1;
    return { cell, inWindow, own, to, weight: pieces.weights[piece] ?? 0n };
  });
}

/** The baseline's pieces as text: from which versions to which, and the share in percent. */
function movesOf(cells: readonly string[]): string[] {
  return piecesOf(tableOf(cells))
    .filter(({ inWindow }) => !inWindow)
    .map(({ own, to, weight }) => {
      const percent = Math.round((Number(weight) / Number(wholeWeight)) * 100);
      return `${own.join("/")} to ${to.join("/")} ${percent}`;
    });
}

test.each<[string, string[], string[]]>([
  ["what did not change stays", ["before f 1 r1/m 10", "after f 1 r1/m 70"], ["r1/m to r1/m 100"]],
  [
    "a new release has the baseline of the one it replaced",
    ["before f 1 r1/m 10", "after f 1 r2/m 10"],
    ["r1/m to r2/m 100"],
  ],
  [
    "a model that is asked again and again takes over no calls of another",
    ["before f 1 r/m 10", "before f 1 r/n 10", "after f 1 r/m 10 40", "after f 1 r/n 10"],
    ["r/m to r/m 100", "r/n to r/n 100"],
  ],
  [
    "a release that took over half has half",
    ["before f 1 r1/m 10", "after f 1 r1/m 7", "after f 1 r2/m 7"],
    ["r1/m to r1/m 50", "r1/m to r2/m 50"],
  ],
  [
    "two releases that were replaced are moved as they were",
    ["before f 1 r1/m 30", "before f 1 r2/m 10", "after f 1 r3/m 5"],
    ["r1/m to r3/m 100", "r2/m to r3/m 100"],
  ],
  [
    "a release goes to the same model first",
    ["before f 1 r1/m 10", "before f 1 r1/n 10", "after f 1 r2/n 10", "after f 1 r2/m 10"],
    ["r1/m to r2/m 100", "r1/n to r2/n 100"],
  ],
  [
    "a model goes to the same release first",
    ["before f 1 r1/m 10", "before f 1 r2/m 10", "after f 1 r2/n 10", "after f 1 r1/n 10"],
    ["r1/m to r1/n 100", "r2/m to r2/n 100"],
  ],
  [
    "features have nothing to do with each other",
    ["before f 1 r1/m 10", "after f 1 r1/m 10", "after g 1 r2/m 90"],
    ["r1/m to r1/m 100"],
  ],
  [
    "neither have places in the agent run",
    ["before f 1 r1/m 10", "before f 2 r1/m 10", "after f 1 r1/m 10", "after f 2 r2/m 10"],
    ["r1/m to r1/m 100", "r1/m to r2/m 100"],
  ],
  [
    "a place that the window does not reach goes by the whole feature",
    ["before f 9-16 r1/m 10", "after f 1 r2/m 10"],
    ["r1/m to r2/m 100"],
  ],
  [
    "a feature that vanished keeps its versions",
    ["before f 1 r1/m 10", "after g 1 r2/m 10"],
    ["r1/m to r1/m 100"],
  ],
])("%s", (_, cells, moves) => {
  expect(movesOf(cells)).toEqual(moves);
});

const anyCell = fc
  .tuple(
    fc.constantFrom("before", "after"),
    fc.constantFrom("f", "g"),
    fc.constantFrom("1", "2"),
    fc.constantFrom("r1", "r2", "r3"),
    fc.constantFrom("m", "n"),
    fc.integer({ min: 1, max: 10 ** 9 }),
  )
  .map(
    ([side, feature, step, release, model, calls]) =>
      `${side} ${feature} ${step} ${release}/${model} ${calls}`,
  );

test("the pieces of a cell are the whole cell, under versions that the window has", () => {
  fc.assert(
    fc.property(fc.array(anyCell, { maxLength: 20 }), (cells) => {
      const pieces = piecesOf(tableOf(cells));
      for (const [cell, words] of cells.entries()) {
        const [side, feature] = words.split(" ");
        const own = pieces.filter((piece) => piece.cell === cell);
        expect(own.every(({ inWindow }) => inWindow === (side === "after"))).toBe(true);
        expect(own.reduce((sum, { weight }) => sum + weight, 0n)).toBe(wholeWeight);
        const seen = cells.filter((other) => other.startsWith(`after ${feature} `));
        if (seen.length === 0) continue;
        for (const { to } of own) {
          expect(seen.map((other) => other.split(" ")[3])).toContain(to.join("/"));
        }
      }
    }),
  );
});
