import { describe, expect, test } from "vitest";
import type { Cell, Envelope } from "./envelope.ts";
import { ExactNumber } from "./exact-number.ts";
import { toRows } from "./from-rows.ts";
import { readEnvelope } from "./read-json.ts";
import { toJson, toJsonLine } from "./write-json.ts";

describe("JSON holds every digit of", () => {
  test.each([
    ["0.001234500000", "0.0012345"],
    ["123456.123456789012", "123456.123456789012"],
    ["-4.600000000000", "-4.6"],
    ["0.000000000000", "0"],
    ["100.000000000000", "100"],
    ["100", "100"],
    ["9007199254740993", "9007199254740993"],
  ])("%s as %s", (digits, json) => {
    expect(toJsonLine(new ExactNumber(digits))).toBe(json);
    expect(JSON.parse(json)).toBe(Number(digits));
  });
});

test("unknown is null, and members that are not there are left out", () => {
  expect(
    toJsonLine({ cost_usd: null, gone: undefined as unknown as Cell, list: [], empty: {} }),
  ).toBe('{"cost_usd":null,"list":[],"empty":{}}');
});

test("what people look at has a line per member", () => {
  expect(toJson({ rows: [{ a: 1 }, { a: "x\ny" }], none: [] })).toBe(
    '{\n  "rows": [\n    {\n      "a": 1\n    },\n    {\n      "a": "x\\ny"\n    }\n  ],\n  "none": []\n}',
  );
});

const envelope: Envelope = {
  schema: "spancost/top@1",
  window: { since: "2026-11-19T00:00:00Z", until: "2026-11-20T00:00:00Z" },
  rows: [
    { feature: "search", cost_usd: new ExactNumber("123456.123456789012"), share: 0.5, calls: 3 },
  ],
  warnings: ['a "warning" of 123456.123456789012'],
};

test("an answer that went over HTTP is the same answer", () => {
  const text = toJson(envelope as unknown as Cell);
  expect(readEnvelope(text, "spancost/top@1")).toEqual(envelope);
});

describe("an answer is refused that", () => {
  test.each([
    [
      "is of another version",
      '{"schema":"spancost/top@2"}',
      "the receiver answers with spancost/top@2, this command knows spancost/top@1: run the same version of spancost on both sides",
    ],
    ["is no envelope", "[]", "the receiver's answer is not of spancost: expected spancost/top@1"],
    ["is no JSON", "<html>", "the receiver's answer is not of spancost: expected spancost/top@1"],
  ])("%s", (_, text, message) => {
    expect(() => readEnvelope(text, "spancost/top@1")).toThrow(message);
  });
});

test("decimals of the store are numbers of the answer, other texts stay texts", () => {
  const columns = [
    { name: "cost_usd", type: "DECIMAL(38,12)" },
    { name: "name", type: "VARCHAR" },
    { name: "big", type: "HUGEINT" },
    { name: "mean", type: "DOUBLE" },
    { name: "tags", type: "MAP(VARCHAR, VARCHAR)" },
    { name: "missing", type: "DECIMAL(18,12)" },
  ];
  const row = {
    cost_usd: "1.500000000000",
    name: "1.50",
    big: 2n ** 70n,
    mean: Number.NaN,
    tags: { plan: "pro" },
    missing: null,
  };
  expect(toRows({ columns, rows: [row] })).toEqual([
    {
      cost_usd: new ExactNumber("1.5"),
      name: "1.50",
      big: new ExactNumber("1180591620717411303424"),
      mean: null,
      tags: { plan: "pro" },
      missing: null,
    },
  ]);
});
