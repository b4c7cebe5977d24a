import { zeroUsd } from "@spancost/pricing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { wholeWeight } from "./bridge.ts";
import type { Cell } from "./cells.ts";
import { dimensionNames, type Labels } from "./dimensions.ts";
import { matchBaseline } from "./matched-baseline.ts";

const noLabels = Object.fromEntries(dimensionNames.map((name) => [name, null])) as Labels;
const noTokens = { uncached: 0n, cacheRead: 0n, cacheWrite: 0n, output: 0n };
const noCost = { uncached: zeroUsd, cacheRead: zeroUsd, cacheWrite: zeroUsd, output: zeroUsd };

/** A cell in words: "before f 1 r1/m 10" is 10 calls of feature f at place 1 by release r1 and model m. */
function toCell(words: string): Cell {
  const [side, feature = "", step = "", versions = "", calls = ""] = words.split(" ");
  const [release = null, model = null] = versions.split("/");
  return {
    inWindow: side === "after",
    labels: { ...noLabels, feature, release, model },
    priced: "p",
    step,
    calls: BigInt(calls),
    logicalCalls: BigInt(calls),
    tokens: noTokens,
    cost: noCost,
    otherCost: zeroUsd,
  };
}

/** The baseline's pieces as text: from which versions to which, and the share in percent. */
function movesOf(cells: readonly string[]): string[] {
  return matchBaseline(cells.map(toCell))
    .filter(({ cell }) => !cell.inWindow)
    .map(({ cell, labels, weight }) => {
      const percent = Math.round((Number(weight) / Number(wholeWeight)) * 100);
      return `${versionOf(cell.labels)} to ${versionOf(labels)} ${percent}`;
    });
}

function versionOf({ release, model }: Labels): string {
  return `${release}/${model}`;
}

test.each<[string, string[], string[]]>([
  ["what did not change stays", ["before f 1 r1/m 10", "after f 1 r1/m 70"], ["r1/m to r1/m 100"]],
  [
    "a new release has the baseline of the one it replaced",
    ["before f 1 r1/m 10", "after f 1 r2/m 10"],
    ["r1/m to r2/m 100"],
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
  .map(([side, feature, step, release, model, calls]) =>
    toCell(`${side} ${feature} ${step} ${release}/${model} ${calls}`),
  );

test("the pieces of a cell are the whole cell, under versions that the window has", () => {
  fc.assert(
    fc.property(fc.array(anyCell, { maxLength: 20 }), (cells) => {
      const pieces = matchBaseline(cells);
      const seen = cells.filter(({ inWindow }) => inWindow).map(({ labels }) => labels);
      for (const cell of cells) {
        const own = pieces.filter((piece) => piece.cell === cell);
        expect(own.reduce((sum, { weight }) => sum + weight, 0n)).toBe(wholeWeight);
        for (const { labels } of own) {
          const inFeature = seen.filter(({ feature }) => feature === labels.feature);
          if (inFeature.length === 0) continue;
          expect(inFeature.map(versionOf)).toContain(versionOf(labels));
        }
      }
    }),
  );
});
