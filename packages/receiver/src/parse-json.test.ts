import { expect, test } from "vitest";
import { DecodeError } from "./decode-error.ts";
import { parseJson } from "./parse-json.ts";

test.each([
  ['{"intValue":9007199254740993}', { intValue: "9007199254740993" }],
  ['{"intValue" : -9223372036854775808 }', { intValue: "-9223372036854775808" }],
  ['{"intValue":1523}', { intValue: 1523 }],
  [
    '{"startTimeUnixNano":1763700001234567890,"endTimeUnixNano":1763700001234567891}',
    { startTimeUnixNano: "1763700001234567890", endTimeUnixNano: "1763700001234567891" },
  ],
  ['{"timeUnixNano":1763700001234567890}', { timeUnixNano: "1763700001234567890" }],
  [
    String.raw`{"stringValue":"\"intValue\":9007199254740993,","intValue":9007199254740993}`,
    { stringValue: '"intValue":9007199254740993,', intValue: "9007199254740993" },
  ],
  [
    String.raw`{"key":"\\","intValue":9007199254740993}`,
    { key: "\\", intValue: "9007199254740993" },
  ],
  ['{"doubleValue":1234567890123456789}', { doubleValue: 1234567890123456800 }],
  ['{"intValue":1234567890123456.5}', { intValue: 1234567890123456.5 }],
])("%s keeps its integers exact", (text, document) => {
  expect(parseJson(Buffer.from(text))).toEqual(document);
});

test.each([
  ["B20 an empty body", "", "not valid JSON: it is empty"],
  ["B20 blanks", " \n", "not valid JSON: it is empty"],
  ["B20 a trailing comma", '{"a":1,}', "not valid JSON at character 7"],
  ["B20 a comment", '{"a":1} // x', "not valid JSON at character 8"],
  ["B20 two documents", "{}{}", "not valid JSON at character 2"],
  ["B20 a byte order mark", "\ufeff{}", 'not valid JSON: unexpected "\ufeff"'],
  ["B20 a NaN literal", '{"doubleValue":NaN}', 'not valid JSON: unexpected "N"'],
  ["B20 protobuf", "\n\u0012\u0001", String.raw`not valid JSON: unexpected "\u0012"`],
  ["a secret", '{"stringValue":secret prompt}', 'not valid JSON: unexpected "s"'],
])("%s is refused and not quoted", (_, text, message) => {
  expect(() => parseJson(Buffer.from(text))).toThrow(new DecodeError(message));
});

test("a cut-off document is refused", () => {
  for (const text of ['{"a', '{"a":', '{"a":1', "["]) {
    expect(() => parseJson(Buffer.from(text))).toThrow(/^not valid JSON/);
  }
});
