import fc from "fast-check";
import { expect, test } from "vitest";
import { matchBaseline } from "../baseline/matched-baseline.ts";
import { bridge } from "../bridge/bridge.ts";
import { bridgePieces, wholePieces } from "../bridge/bridge-pieces.ts";
import { costOf, unscaled, wholeWeight } from "../bridge/sides.ts";
import { dimensionNames } from "../dimensions.ts";
import { contributionsOf } from "../ledger/contributions.ts";
import { toLedger } from "../ledger/ledger.ts";
import { type CellTable, toCellTable } from "../reading/cell-table.ts";
import { contextOf } from "../reading/cells.ts";
import { ofMoney } from "../search/limits.ts";
import { SegmentSearch } from "../search/search.ts";
import { dimensionsOf, toSpendTable } from "../search/spend-table.ts";

const days = [1, 2, 3];
const noLabels = Object.fromEntries(dimensionNames.map((name) => [name, null]));

/** What calls of one period amount to: tokens and costs, of which any may be 0. */
const anySums = fc.record({
  calls: fc.integer({ min: 1, max: 1_000 }),
  superseded: fc.integer({ min: 0, max: 3 }),
  tokens: fc.array(fc.integer({ min: 0, max: 10 ** 12 }), { minLength: 4, maxLength: 4 }),
  costs: fc.array(fc.bigInt({ min: 0n, max: 10n ** 21n }), { minLength: 5, maxLength: 5 }),
});

/** A cell with labels that may be missing, in some of the periods only: new, vanished, or both. */
const anyRow = fc
  .record({
    feature: fc.constantFrom("f", "g", null),
    environment: fc.constantFrom("prod", null),
    release: fc.constantFrom("1", "2", "3", null),
    model: fc.constantFrom("m", "n"),
    region: fc.constantFrom("eu", "us", null),
    step: fc.constantFrom("1", "2", "3-4"),
    periods: fc.uniqueArray(fc.constantFrom(0, ...days), { minLength: 1 }),
    sums: fc.array(anySums, { minLength: 4, maxLength: 4 }),
  })
  .map(({ periods, sums, ...labels }) => {
    const of = periods.map((period, index) => ({ period, ...(sums[index] ?? sums[0]) }));
    return {
      ...noLabels,
      ...labels,
      service_tier: null,
      calls: of.reduce((all, { calls = 0 }) => all + calls, 0),
      counts: of.flatMap(({ period, calls = 0, superseded = 0, tokens = [] }) => [
        period,
        calls,
        Math.max(0, calls - superseded),
        ...tokens,
        calls,
      ]),
      costs: of.flatMap(({ period, costs = [] }) => [period, ...costs]),
    };
  });

/** Cells of random calls. */
const anyTable = fc
  .array(anyRow, { minLength: 1, maxLength: 25 })
  .map((rows) => toCellTable({ columns: [], rows }, [], days));

/** As many requests in each context as one likes. */
function requestsOf(table: CellTable, count: bigint) {
  return new Map(
    wholePieces(table, true)
      .concat(wholePieces(table, false))
      .map(({ cell }) => [contextOf(cell.labels), count * wholeWeight]),
  );
}

const scale = { times: 1n, over: BigInt(days.length) };

test("every part of a comparison has steps that sum to its change, whatever it consists of", () => {
  fc.assert(
    fc.property(
      anyTable,
      fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }),
      fc.bigInt({ min: 0n, max: 500n }),
      (table, chosen, count) => {
        const { pieces } = matchBaseline(table);
        const isChosen = (piece: number) => chosen[piece % chosen.length] === true;
        const requests = requestsOf(table, count);
        const side = (inWindow: boolean, only: (piece: number) => boolean) => ({
          pieces: bridgePieces(table, pieces, inWindow, only),
          requests,
          scale: inWindow ? unscaled : scale,
        });
        for (const only of [isChosen, (piece: number) => !isChosen(piece)]) {
          const [before, after] = [side(false, only), side(true, only)];
          const steps = Object.values(bridge(before, after));
          expect(steps.reduce((sum, step) => sum + step, 0n)).toBe(costOf(after) - costOf(before));
        }
        const inParts = [isChosen, (piece: number) => !isChosen(piece)].map((only) =>
          costOf(side(true, only)),
        );
        expect(inParts.reduce((sum, cost) => sum + cost, 0n)).toBe(
          costOf({ pieces: wholePieces(table, true), requests, scale: unscaled }),
        );
      },
    ),
    { numRuns: 2_000 },
  );
});

test("the baselines of all parts sum to the baseline, before they are rounded", () => {
  fc.assert(
    fc.property(anyTable, fc.array(fc.nat(2), { minLength: 1, maxLength: 40 }), (table, part) => {
      const { pieces } = matchBaseline(table);
      // Without a scale a cost is rounded from 2^-64ths of pico-dollars only: three parts are off by less than two.
      const costs = [0, 1, 2].map((number) =>
        costOf({
          pieces: bridgePieces(
            table,
            pieces,
            false,
            (piece) => part[piece % part.length] === number,
          ),
          requests: new Map(),
          scale: unscaled,
        }),
      );
      const whole = costOf({
        pieces: wholePieces(table, false),
        requests: new Map(),
        scale: unscaled,
      });
      const gap = costs.reduce((sum, cost) => sum + cost, 0n) - whole;
      expect(gap <= 1n && gap >= -1n).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("each call is in one finding at most", () => {
  let found = 0;
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 12, maxLength: 12 }),
      (growth) => {
        const rows = growth.map((times, index) => {
          const before = 20 + index;
          const after = times < 8 ? times * before : before;
          const calls = [after, ...days.map(() => before)];
          return {
            ...noLabels,
            feature: `f${index % 4}`,
            region: `r${Math.floor(index / 4)}`,
            step: "1",
            service_tier: null,
            calls: 1,
            counts: calls.flatMap((count, period) => [
              period,
              count,
              count,
              0,
              0,
              0,
              0,
              count * 1e-12,
            ]),
            costs: calls.flatMap((count, period) => [period, 0, 0, 0, 0, count * 1e6]),
          };
        });
        const table = toCellTable({ columns: [], rows }, [], days);
        const ledger = toLedger(table, matchBaseline(table), new Map());
        const turns = [0, ...days].map((nth) => ({ nth, scale: 1 }));
        const contributions = contributionsOf(ledger, turns, 1 / days.length);
        const names = dimensionsOf(ledger, undefined);
        const spend = toSpendTable(ledger, contributions, turns.length, names, 0);
        const claims = new SegmentSearch(spend, ofMoney).find();
        const claimed = claims.flatMap((claim) => [...claim.rows]);
        found += claims.length;
        expect(new Set(claimed).size).toBe(claimed.length);
        for (const { rows: own } of claims) expect(own.size).toBeGreaterThan(0);
      },
    ),
    { numRuns: 300 },
  );
  expect(found).toBeGreaterThan(300);
});
