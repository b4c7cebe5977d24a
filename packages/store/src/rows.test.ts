import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { rowsOf } from "./rows.ts";
import { toSqlValue } from "./sql-value.ts";

const connection = await (await DuckDBInstance.create(":memory:")).connect();

/** Values of which chunks of several thousand are made, with NULLs among them. */
const columns = {
  // In the vector itself up to twelve bytes, elsewhere from thirteen on.
  texts:
    "['', 'a', 'a', 'twelve bytes', 'thirteen byte', 'thirteen byte', 'Größe', 'größer als zwölf', 'a' || chr(0), null]",
  doubles: "[0.0, -0.0, 1.5, 1e300, 'nan'::double, 'inf'::double, null]",
  bigints:
    "[0, -1, 1, 9007199254740991, 9007199254740992, -9007199254740991, -9007199254740992, 4294967296, -4294967297, 9223372036854775807, (-9223372036854775808)::bigint, null]",
  hugeints:
    "[0::hugeint, -1, 1, 9007199254740991, 9007199254740992, -9007199254740991, -9007199254740992, 18446744073709551615, 18446744073709551616, -18446744073709551616, 170141183460469231731687303715884105727, '-170141183460469231731687303715884105728'::hugeint, null]",
  lists: "[[1.5, null], [], null, [2.5]]",
  listsOfHugeints: "[[1::hugeint, 36893488147419103232], [], null, [null, -5]]",
  listsOfLists: "[[['a', null], []], null, [], [null, ['thirteen byte', 'thirteen byte']]]",
  money:
    "[0::decimal(38, 12), 0.000000000001, -0.000000000001, 1.5, -1.5, 9007.199254740991, 9007.199254740992, -9007.199254740992, 99999999999999999999999999.999999999999, -99999999999999999999999999.999999999999, null]",
  decimals: "[0::decimal(18, 2), 0.05, -0.05, 9999999999999999.99, -9999999999999999.99, null]",
  wholeDecimals: "[0::decimal(20, 0), -7, 99999999999999999999, null]",
  fractions: "[0::decimal(38, 38), 0.1, -0.00000000000000000000000000000000000001, null]",
  listsOfMoney: "[[1.5::decimal(38, 12), null], [], null, [-2]]",
  // As DuckDB's client reads them.
  smallDecimals: "[1.50::decimal(9, 2), null]",
  times: "[timestamp '2026-01-01 10:00:00.5', null]",
  integers: "[1, null]",
  structs: "[{a: 1, b: [1.5]}, null]",
};

test.each(Object.entries(columns))(
  "%s are what they are, in each row of several chunks",
  async (_, values) => {
    const sql = `with own as (select ${values} as list) select list[1 + i % len(list)] as value, i from own, range(5000) as numbers(i)`;
    const byClient = await connection.runAndReadAll(sql);
    const { rows } = await rowsOf(await connection.stream(sql));
    expect(rows).toEqual(
      byClient.getRows().map(([value, i]) => ({ value: toSqlValue(value), i: Number(i) })),
    );
  },
);

test.each(Object.entries(columns))("%s may all be missing", async (_, values) => {
  const sql = `select list[len(list) + 1] as value from (select ${values} as list)`;
  expect((await rowsOf(await connection.stream(sql))).rows).toEqual([{ value: null }]);
});

test("of columns with the same name the last wins, and any name is a name", async () => {
  const sql =
    'select 1::bigint as a, 2::bigint as a, 3::bigint as "__proto__", 4::bigint as "say ""hi"""';
  const { columns: told, rows } = await rowsOf(await connection.stream(sql));
  expect(told.map(({ name }) => name)).toEqual(["a", "a", "__proto__", 'say "hi"']);
  expect(Object.entries(rows[0] ?? {})).toEqual([
    ["a", 2],
    ["__proto__", 3],
    ['say "hi"', 4],
  ]);
});

test("of an answer that is too long no more is read than tells so", async () => {
  const result = await connection.stream("select * from range(1_000_000) as numbers(i)");
  const { rows } = await rowsOf(result, 10);
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.length).toBeLessThan(10_000);
});
