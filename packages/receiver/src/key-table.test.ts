import { expect, test } from "vitest";
import { KeyTable } from "./key-table.ts";
import { ProtobufReader } from "./protobuf-reader.ts";

/** What the table finds for each of `keys`, which stand one after the other in one buffer. */
function findAll(table: KeyTable, keys: readonly string[]): (string | undefined)[] {
  const source = new ProtobufReader(Buffer.from(keys.join("")));
  let start = 0;
  return keys.map((key) => {
    const end = start + Buffer.byteLength(key);
    const found = table.find(source, start, end);
    start = end;
    return found;
  });
}

test("a kept name is found and another is not, whatever its length", () => {
  const table = new KeyTable((key) => !key.startsWith("x"));
  const keys = ["a", "ab", "abc", "abcd", "abcde", "x", "xabcdefgh", "naïve", "b".repeat(256)];
  const kept = keys.map((key) => (key.startsWith("x") ? undefined : key));
  expect(findAll(table, keys)).toEqual(kept);
  expect(findAll(table, keys)).toEqual(kept);
});

test("a name of no byte, or of more than 256, is not kept", () => {
  const table = new KeyTable(() => true);
  expect(findAll(table, ["", "b".repeat(257)])).toEqual([undefined, undefined]);
});

test("a name is made into a string once", () => {
  const asked: string[] = [];
  const table = new KeyTable((key) => asked.push(key) > 0);
  for (let i = 0; i < 3; i += 1) findAll(table, ["service.name", "gen_ai.prompt", "service.name"]);
  expect(asked).toEqual(["service.name", "gen_ai.prompt"]);
});

test("names stay right when there are far more than there is room for", () => {
  const table = new KeyTable((key) => key.endsWith("7"));
  const keys = Array.from({ length: 20_000 }, (_, i) => `llm.input_messages.${i}`);
  const kept = keys.map((key) => (key.endsWith("7") ? key : undefined));
  expect(findAll(table, keys)).toEqual(kept);
  expect(findAll(table, keys.toReversed())).toEqual(kept.toReversed());
});
