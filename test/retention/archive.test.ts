import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { Store } from "@spancost/store";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { dayAt } from "../../packages/store/src/retention/day.ts";
import {
  countOf,
  dateOf,
  daysOf,
  firstDay,
  millisPerDay,
  picoOf,
  recordsOf,
  type Sketch,
  spanOf,
} from "./spans.ts";

let folder = "";
let archived = "";
let store: Store;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-archive-"));
  archived = join(folder, "archive");
  store = await Store.open(join(folder, "test.duckdb"), { journal: true });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function append(...sketches: readonly Sketch[]) {
  return store.append(sketches.map(spanOf));
}

function archive(untilDay: number, drop = false) {
  const until = dayAt(firstDay + untilDay * millisPerDay);
  return store.archive({ folder: archived, until, drop });
}

/** What plain duckdb answers, which knows nothing of spancost. */
async function ask(sql: string): Promise<readonly (readonly unknown[])[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(sql.replaceAll("DIR", archived));
  const rows = reader.getRowsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}

const perDay = "select date::varchar, count(*)::integer, sum(cost_usd)::varchar";

async function fill(): Promise<void> {
  for (let day = 0; day < 4; day++) {
    await append(
      { trace: day, span: 0, day, at: 1_000, takes: 9_000, node: "agent", feature: `f${day % 2}` },
      { trace: day, span: 1, parent: 0, day, at: 2_000, cost: 1_000_000_000_001n },
      { trace: day, span: 2, parent: 0, day, at: 3_000, cost: BigInt(day) },
      { trace: day, span: 3, parent: 0, day, at: 4_000 },
    );
  }
}

describe("an archive", () => {
  beforeEach(fill);

  test("is a file of records and one of spans per day, which plain duckdb sums to the last digit", async () => {
    const days = await archive(3);
    expect(days.map(({ bytes: _, ...day }) => day)).toEqual(
      [0, 1, 2].map((day) => ({
        date: dateOf(day),
        records: 3,
        spans: 4,
        costUsd: `1.00000000000${1 + day}`,
        written: true,
        dropped: false,
      })),
    );
    expect(
      await ask(`${perDay} from 'DIR/cost_records/**/*.parquet' group by all order by 1`),
    ).toEqual([0, 1, 2].map((day) => [dateOf(day), 3, `1.00000000000${1 + day}`]));
    expect(
      await ask(
        "select feature, sum(cost_usd)::varchar from 'DIR/cost_records/**/*.parquet' " +
          "where date >= '2026-10-02' group by feature order by feature",
      ),
    ).toEqual([
      ["f0", "1.000000000003"],
      ["f1", "1.000000000002"],
    ]);
    expect(
      await ask(
        "select role, count(*)::integer from 'DIR/spans/**/*.parquet' group by role order by role",
      ),
    ).toEqual([
      ["agent", 3],
      ["billable", 9],
    ]);
    expect(days[0]?.bytes).toBe(
      ["cost_records", "spans"].reduce(
        (sum, part) =>
          sum + statSync(join(archived, part, `date=${dateOf(0)}`, "part.parquet")).size,
        0,
      ),
    );
    expect(existsSync(`${store.file}.scratch`)).toBe(false);
  });

  test("is not written again where it is whole, and is where the day has changed", async () => {
    await archive(3);
    const file = join(archived, "cost_records", `date=${dateOf(1)}`, "part.parquet");
    const before = statSync(file).mtimeMs;
    expect((await archive(3)).map(({ written }) => written)).toEqual([false, false, false]);
    expect(statSync(file).mtimeMs).toBe(before);
    await append({ trace: 1, span: 9, parent: 0, day: 1, at: 5_000, cost: 5n });
    expect((await archive(3)).map(({ written }) => written)).toEqual([false, true, false]);
    expect(await ask(`${perDay} from '${file}' group by all`)).toEqual([
      [dateOf(1), 4, "1.000000000007"],
    ]);
  });

  test("replaces a file that is damaged", async () => {
    await archive(1);
    const file = join(archived, "cost_records", `date=${dateOf(0)}`, "part.parquet");
    writeFileSync(file, "PAR1 is how it began");
    writeFileSync(`${file}.unfinished`, "left by a run that was killed");
    expect(await archive(1)).toMatchObject([{ written: true }]);
    expect(await ask(`select count(*)::integer from '${file}'`)).toEqual([[3]]);
    expect(readdirSync(join(archived, "cost_records", `date=${dateOf(0)}`))).toEqual([
      "part.parquet",
    ]);
  });

  test("takes the place of days that are dropped, and nothing is in both or in none", async () => {
    const before = await daysOf(store);
    const records = await recordsOf(store, `started_at >= '${dateOf(2)}'`);
    expect(await archive(2, true)).toMatchObject([{ dropped: true }, { dropped: true }]);
    const there = await ask(
      `${perDay} from 'DIR/cost_records/**/*.parquet' group by all order by 1`,
    );
    const here = await daysOf(store);
    expect([...there, ...here.map(({ date, calls, usd }) => [date, calls, usd])]).toEqual(
      before.map(({ date, calls, usd }) => [date, calls, usd]),
    );
    expect(await recordsOf(store)).toEqual(records);
    expect(await countOf(store, "spans")).toBe(8);
    // What comes late would be counted again, there or here.
    expect(await append({ trace: 0, span: 1, parent: 0, day: 0, at: 2_000, cost: 7n })).toEqual({
      late: 1,
    });
    expect(await archive(2, true)).toEqual([]);
    expect(await archive(4)).toMatchObject([{ date: dateOf(2) }, { date: dateOf(3) }]);
  });

  test("of a trace that goes on has its records once", async () => {
    const late = 23.9 * 3_600_000;
    await append(
      { trace: 9, span: 0, day: 1, at: late, takes: 7_200_000, node: "agent", feature: "long" },
      { trace: 9, span: 1, parent: 0, day: 1, at: late + 1_000, cost: 10n },
    );
    const total = async () => (await daysOf(store)).reduce((sum, { usd }) => sum + picoOf(usd), 0n);
    const before = await total();
    await archive(2, true);
    await append({ trace: 9, span: 2, parent: 0, day: 2, at: 60_000, cost: 20n });
    const [[there]] = (await ask(
      "select sum(cost_usd)::varchar from 'DIR/cost_records/**/*.parquet'",
    )) as [[string]];
    expect(picoOf(there) + (await total())).toBe(before + 20n);
    expect(await recordsOf(store, "feature = 'long'")).toMatchObject([{ loop_iteration: 2 }]);
    // Spans of it that are here still belong to a day that has its file.
    expect(await archive(4)).toMatchObject([{ date: dateOf(2), spans: 5 }, { date: dateOf(3) }]);
    expect(
      await ask(`select count(*)::integer from 'DIR/spans/date=${dateOf(1)}/*.parquet'`),
    ).toEqual([[6]]);
  });

  test("of a day whose spans are expired has its records only", async () => {
    await store
      .retention({ keepSpansMillis: millisPerDay, keepMillis: undefined, maxBytes: undefined })
      .run(firstDay + 3.5 * millisPerDay);
    expect(await archive(3)).toMatchObject([
      { records: 3, spans: 0 },
      { records: 3, spans: 0 },
      { records: 3, spans: 4 },
    ]);
    expect(readdirSync(join(archived, "spans"))).toEqual([`date=${dateOf(2)}`]);
  });
});

test("where there is nothing to archive no folder is made", async () => {
  expect(await archive(2)).toEqual([]);
  expect(existsSync(archived)).toBe(false);
});

test("a folder that cannot be written to is told, and nothing is dropped", async () => {
  await fill();
  writeFileSync(archived, "a file");
  await expect(archive(2, true)).rejects.toThrow(/ENOTDIR/);
  expect((await daysOf(store)).length).toBe(4);
});
