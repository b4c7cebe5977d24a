import type { Random } from "../../packages/cli/src/demo/random.ts";
import { mutateBytes, whole } from "./mutate-bytes.ts";

/** Values in the place of others. As text, so that they may be what no JSON is. */
const oddTexts: readonly [string, ...string[]] = [
  "null",
  "true",
  "0",
  "-0",
  "-1",
  "1.5",
  "1e3",
  "1e308",
  "1e999",
  "9007199254740993",
  "18446744073709551616",
  "-9223372036854775809",
  '""',
  '"1e3"',
  '"NaN"',
  '"-Infinity"',
  '"9223372036854775807"',
  '"18446744073709551615"',
  '"0x10"',
  '" 12 "',
  "NaN",
  "Infinity",
  "undefined",
  "[]",
  "{}",
  "[[]]",
  "[null]",
  '{"stringValue":1}',
  '{"intValue":"x"}',
  '{"values":[{"values":[]}]}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '"\\ud800"',
  '"\\u0000"',
  '"\\u202e\\ufeff😀"',
  '"\'; drop table spans;--"',
  '"=1+1"',
  '"\\u001b[31m"',
  "01",
  "'x'",
  "/* c */ 1",
  '"00000000000000000000000000000000"',
  '"ABCDEF0123456789abcdef0123456789"',
];

const keys: readonly [string, ...string[]] = [
  "resourceSpans",
  "resource_spans",
  "scopeSpans",
  "instrumentationLibrarySpans",
  "spans",
  "traceId",
  "spanId",
  "parentSpanId",
  "startTimeUnixNano",
  "endTimeUnixNano",
  "attributes",
  "key",
  "value",
  "stringValue",
  "intValue",
  "doubleValue",
  "boolValue",
  "arrayValue",
  "kvlistValue",
  "bytesValue",
  "values",
  "events",
  "links",
  "status",
  "code",
  "name",
  "kind",
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
];

const nests: readonly [Nest, ...Nest[]] = [
  ["[", "]"],
  ['{"arrayValue":{"values":[', "]}}"],
  ['{"kvlistValue":{"values":[{"key":"k","value":', "}]}}"],
];

/** What goes before and behind a value, as often as wanted. */
type Nest = readonly [open: string, close: string];

/** A JSON text as a fuzzer sees it: what is between quotes, brackets and commas. */
const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/** `input` with one to three changes; most of them leave it JSON. */
export function mutateJson(input: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  if (random.chance(0.15)) return mutateBytes(input, other, random);
  let text = Buffer.from(input).toString();
  for (let left = 1 + whole(random, 3); left > 0; left--) {
    text = change(text, Buffer.from(other).toString(), random);
  }
  return Buffer.from(text);
}

function change(text: string, other: string, random: Random): string {
  const tokens = [...text.matchAll(token)];
  // Most tokens are punctuation, and most changes of that leave no JSON: values are looked for a few times.
  let found = tokens[whole(random, tokens.length)];
  for (let nth = 0; nth < 3 && isPunctuation(found?.[0]); nth++) {
    found = tokens[whole(random, tokens.length)];
  }
  if (found === undefined) return random.pick(oddTexts);
  const { index } = found;
  const [old] = found;
  const put = (replacement: string) =>
    text.slice(0, index) + replacement + text.slice(index + old.length);
  if (isPunctuation(old) || random.chance(0.1)) return structural(text, index, old, other, random);
  if (text.slice(index + old.length).startsWith(":")) {
    // A key: another name, or twice the same with different values.
    return random.chance(0.5)
      ? put(JSON.stringify(random.pick(keys)))
      : put(`${old}:${random.pick(oddTexts)},${old}`);
  }
  return put(random.pick(oddTexts));
}

function isPunctuation(text: string | undefined): boolean {
  return text !== undefined && "{}[],:".includes(text);
}

function structural(
  text: string,
  index: number,
  old: string,
  other: string,
  random: Random,
): string {
  const before = text.slice(0, index);
  const after = text.slice(index + old.length);
  switch (whole(random, 6)) {
    case 0:
      return before + after;
    case 1:
      return before + old + old + after;
    case 2: {
      const depth = random.chance(0.02) ? 20_000 : 1 + whole(random, 100);
      const [open, close] = random.pick(nests);
      return `${before}${open.repeat(depth)}${old}${close.repeat(depth)}${after}`;
    }
    case 3:
      return before + other.slice(0, whole(random, other.length + 1)) + after;
    case 4: {
      const part = text.slice(index, index + whole(random, 200));
      const times = random.chance(0.01) ? 2_000 : 2;
      return before + Array(times).fill(part).join(",") + after;
    }
    default:
      return (
        before + random.pick(["{", "}", "[", "]", ",", ":", '"', "\\", "\n", "\ufeff"]) + after
      );
  }
}
