import { expect, test } from "vitest";
import { firstNumber, firstText } from "./attributes.ts";
import { tagName } from "./attribution.ts";
import { keepAttribute } from "./keep-attribute.ts";
import { keyList, numberedKeys, numberOfKey } from "./key-list.ts";
import type { AttributeSource } from "./span-view.ts";

test("a name has one number, in whatever lists it is", () => {
  const one = keyList("gen_ai.request.model", "a");
  const other = keyList("a", "gen_ai.request.model");
  expect(one.numbers).toEqual(other.numbers.toReversed());
  expect(numberOfKey("a")).toBe(other.numbers[0]);
  expect(numberedKeys()[numberOfKey("a") ?? -1]).toBe("a");
});

test("a name that is in no list has no number", () => {
  expect(numberOfKey("nobody.asks.for.this")).toBeUndefined();
});

test("a source that knows numbers is asked by number, and finds what it would by name", () => {
  const keys = keyList("first", "second");
  const values: Record<string, string | number> = { first: "", second: "x", third: 7 };
  const asked: (string | number)[] = [];
  const byName: AttributeSource = {
    get: (name) => {
      asked.push(name);
      return values[name];
    },
    keys: () => Object.keys(values),
  };
  const byNumber: AttributeSource = {
    ...byName,
    at: (number) => {
      asked.push(number);
      return values[numberedKeys()[number] ?? ""];
    },
  };
  expect([firstText(byName, keys), firstText(byNumber, keys)]).toEqual(["x", "x"]);
  expect([firstNumber(byName, ["third"]), firstNumber(byNumber, keyList("third"))]).toEqual([7, 7]);
  expect(asked).toEqual(["first", "second", ...keys.numbers, "third", numberOfKey("third")]);
});

test("no tag has a number: a source tells its tags as the keys without one", () => {
  expect(keepAttribute("spancost.tag.plan")).toBe(true);
  expect(numberedKeys().filter((name) => tagName(name) !== undefined)).toEqual([]);
});
