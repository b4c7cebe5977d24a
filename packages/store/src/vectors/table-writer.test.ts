import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  type DuckDBConnection,
  DuckDBDecimalValue,
  DuckDBInstance,
  DuckDBMapValue,
  DuckDBTimestampValue,
  type DuckDBValue,
  INTEGER,
  MAP,
  TIMESTAMP,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  writeBooleans,
  writeDecimals,
  writeDoubles,
  writeIntegers,
  writeUnsignedBytes,
  writeUnsignedShorts,
  writeWholeNumbers,
} from "./numbers.ts";
import { column, TableWriter } from "./table-writer.ts";
import { writeTextMaps } from "./text-maps.ts";
import { writeTexts } from "./texts.ts";

interface Row {
  readonly text: string | undefined;
  readonly other: string | undefined;
  readonly tags: ReadonlyMap<string, string> | undefined;
  readonly at: number | undefined;
  readonly tokens: number | undefined;
  readonly usd: bigint | undefined;
  readonly count: number | undefined;
  readonly status: number | undefined;
  readonly kind: number | undefined;
  readonly ms: number | undefined;
  readonly yes: boolean | undefined;
  readonly nothing: undefined;
}

const writer = new TableWriter<Row>("all_kinds", [
  column("text", VARCHAR, writeTexts, (row) => row.text),
  column("other", VARCHAR, writeTexts, (row) => row.other),
  column("tags", MAP(VARCHAR, VARCHAR), writeTextMaps, (row) => row.tags),
  column("instant", TIMESTAMP, writeWholeNumbers, (row) => row.at),
  column("tokens", BIGINT, writeWholeNumbers, (row) => row.tokens),
  column("usd", DECIMAL(18, 12), writeDecimals, (row) => row.usd),
  column("integer_count", INTEGER, writeIntegers, (row) => row.count),
  column("status", USMALLINT, writeUnsignedShorts, (row) => row.status),
  column("kind", UTINYINT, writeUnsignedBytes, (row) => row.kind),
  column("ms", DOUBLE, writeDoubles, (row) => row.ms),
  column("yes", BOOLEAN, writeBooleans, (row) => row.yes),
  column("nothing", VARCHAR, writeTexts, (row) => row.nothing),
]);

const createTable = `
  create or replace table all_kinds (
    text varchar, other varchar, tags map(varchar, varchar), instant timestamp, tokens bigint, usd decimal(18, 12),
    integer_count integer, status usmallint, kind utinyint, ms double, yes boolean, nothing varchar
  )`;

let instance: DuckDBInstance;
let connection: DuckDBConnection;
beforeAll(async () => {
  instance = await DuckDBInstance.create(":memory:");
  connection = await instance.connect();
});
afterAll(() => {
  connection.closeSync();
  instance.closeSync();
});

async function written(...batches: readonly (readonly Row[])[]): Promise<readonly DuckDBValue[][]> {
  await connection.run(createTable);
  for (const rows of batches) await writer.append(connection, rows);
  return (await connection.runAndReadAll("from all_kinds")).getRows();
}

/** What DuckDB gives back for a row. */
function read(row: Row): DuckDBValue[] {
  const tags = new Map([...(row.tags ?? [])].map(([key, text]) => [key.toWellFormed(), text]));
  return [
    row.text?.toWellFormed() ?? null,
    row.other?.toWellFormed() ?? null,
    row.tags === undefined
      ? null
      : new DuckDBMapValue([...tags].map(([key, text]) => ({ key, value: text.toWellFormed() }))),
    row.at === undefined ? null : new DuckDBTimestampValue(BigInt(row.at)),
    row.tokens === undefined ? null : BigInt(row.tokens),
    row.usd === undefined ? null : new DuckDBDecimalValue(row.usd, 18, 12),
    row.count ?? null,
    row.status ?? null,
    row.kind ?? null,
    row.ms ?? null,
    row.yes ?? null,
    null,
  ];
}

const texts = fc.oneof(
  // DuckDB keeps up to 12 bytes in place. "ß" takes two, "語" three, "🦆" four, half of a pair becomes three.
  fc.string({ unit: fc.constantFrom("a", "Z"), minLength: 11, maxLength: 14 }),
  fc.string({ unit: fc.constantFrom("a", "ß", "語", "🦆", "\0", "\ud83e"), maxLength: 14 }),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.constantFrom("", "ok", "gpt-5-mini", "a".repeat(256), "🦆".repeat(128), "\ud83e".repeat(256)),
);
const rows = fc.record<Row>({
  text: fc.option(texts, { nil: undefined }),
  other: fc.option(texts, { nil: undefined, freq: 1 }),
  tags: fc.option(
    fc.array(fc.tuple(texts, texts), { maxLength: 4 }).map((entries) => new Map(entries)),
    { nil: undefined },
  ),
  at: fc.option(fc.maxSafeInteger(), { nil: undefined }),
  tokens: fc.option(fc.maxSafeInteger(), { nil: undefined }),
  usd: fc.option(fc.bigInt({ min: -(10n ** 18n) + 1n, max: 10n ** 18n - 1n }), { nil: undefined }),
  count: fc.option(fc.integer(), { nil: undefined }),
  status: fc.option(fc.integer({ min: 0, max: 65_535 }), { nil: undefined }),
  kind: fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined }),
  ms: fc.option(fc.double({ noNaN: true }), { nil: undefined }),
  yes: fc.option(fc.boolean(), { nil: undefined }),
  nothing: fc.constant(undefined),
});

const unknown: Row = {
  text: undefined,
  other: undefined,
  tags: undefined,
  at: undefined,
  tokens: undefined,
  usd: undefined,
  count: undefined,
  status: undefined,
  kind: undefined,
  ms: undefined,
  yes: undefined,
  nothing: undefined,
};

test("whatever is written is read back, value by value", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(rows, { maxLength: 70 }), { maxLength: 3 }),
      async (batches) => {
        expect(await written(...batches)).toEqual(batches.flat().map(read));
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);

test("rows of several chunks keep their values, and a chunk none of those before it", async () => {
  const many = Array.from({ length: 5_000 }, (_, index): Row => {
    const text = index % 7 === 0 ? `a text of more than 12 bytes, ${index}` : String(index);
    const tags = new Map(
      Array.from({ length: index % 4 }, (_, nth) => [`key-${nth}`, text.repeat(nth)]),
    );
    return index > 2_100 && index < 4_900
      ? unknown
      : {
          ...unknown,
          text,
          other: "the same in every row",
          tags,
          tokens: index - 2_500,
          yes: index % 3 === 0,
        };
  });
  expect(await written(many, [unknown], many.slice(0, 3))).toEqual(
    [...many, unknown, ...many.slice(0, 3)].map(read),
  );
});

test.each([
  [{ count: 2 ** 31 }, "2147483648 is no whole number from -2147483648 to 2147483647"],
  [{ status: -1 }, "-1 is no whole number from 0 to 65535"],
  [{ kind: 1.5 }, "1.5 is no whole number from 0 to 255"],
  [{ tokens: 2 ** 53 }, "9007199254740992 is no exact whole number"],
  [{ usd: -(10n ** 18n) }, "-1000000000000000000 has more than 18 digits"],
])("%o fits no column and writes nothing", async (values, message) => {
  await connection.run(createTable);
  const whole = { ...unknown, text: "before it" };
  const bad = [whole, { ...unknown, ...values }];
  await connection.run("begin");
  await expect(writer.append(connection, bad)).rejects.toThrow(message);
  await connection.run("rollback");
  await writer.append(connection, [whole]);
  expect((await connection.runAndReadAll("from all_kinds")).getRows()).toEqual([read(whole)]);
});
