import { expect, test } from "vitest";
import { ProtobufReader } from "./protobuf-reader.ts";
import { TextTable } from "./text-table.ts";

/** What the table makes of each of `texts`, which stand one after the other in one buffer, all for one use. */
function makeAll(table: TextTable, texts: readonly (string | Buffer)[]): string[] {
  const parts = texts.map((text) => Buffer.from(text as string));
  const source = new ProtobufReader(Buffer.concat(parts));
  let start = 0;
  return parts.map((part) => {
    const end = start + part.byteLength;
    const text = table.at(source, start, end, 7);
    start = end;
    return text;
  });
}

test("texts are as they were sent, the first time and every other, whatever their length", () => {
  const table = new TextTable();
  const texts = [
    "",
    "a",
    "ab",
    "abc",
    "abcd",
    "abcde",
    "gpt-5-mini",
    "naïve",
    "日本",
    "b".repeat(64),
  ];
  const long = ["c".repeat(65), `${"é".repeat(100_000)}`];
  for (let round = 0; round < 4; round += 1) {
    expect(makeAll(table, [...texts, ...long])).toEqual([...texts, ...long]);
  }
});

test("what is not UTF-8 has U+FFFD in it, the first time and every other", () => {
  const table = new TextTable();
  const bad = Buffer.from([0x61, 0xff, 0x62]);
  expect(makeAll(table, [bad, bad, bad, bad])).toEqual(Array(4).fill("a\ufffdb"));
});

test("texts of one length that differ in one byte are told apart, wherever that is", () => {
  const table = new TextTable();
  const base = "0123456789abcdef01";
  const texts = Array.from(base, (_, at) => `${base.slice(0, at)}x${base.slice(at + 1)}`);
  for (let round = 0; round < 3; round += 1) expect(makeAll(table, texts)).toEqual(texts);
});

test("texts stay right when there are far more than there is room for", () => {
  const table = new TextTable();
  const texts = Array.from({ length: 5_000 }, (_, nth) => `u_${nth % 2_500}`);
  expect(makeAll(table, texts)).toEqual(texts);
  expect(makeAll(table, texts.toReversed())).toEqual(texts.toReversed());
});
