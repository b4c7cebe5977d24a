import { expect, test } from "vitest";
import { Texts, wholeNumber } from "./texts.ts";

test("flags and the parameters of a URL are the same texts", () => {
  const flags = new Texts([
    ["by", ["feature"]],
    ["where", ["team=search", "plan!=a & b"]],
    ["until", []],
  ]);
  const url = flags.toUrl();
  expect(String(url)).toBe("by=feature&where=team%3Dsearch&where=plan%21%3Da+%26+b");
  expect(Texts.fromUrl(url).all("where")).toEqual(["team=search", "plan!=a & b"]);
});

test("of a flag that is given twice the last counts", () => {
  expect(new Texts([["limit", ["3", "5"]]]).one("limit")).toBe("5");
});

test.each([
  ["1", true],
  ["true", true],
  ["", true],
  ["0", false],
  ["false", false],
])("?list=%s is %s", (text, isSet) => {
  expect(Texts.fromUrl(new URLSearchParams({ list: text })).isSet("list")).toBe(isSet);
});

test("a parameter that does not exist is named, with the one that was meant", () => {
  expect(() => Texts.fromUrl(new URLSearchParams("sinec=2h")).allow(["by", "since"])).toThrow(
    'there is no parameter "sinec". Did you mean since? Parameters are by, since.',
  );
});

test.each(["", "-1", "1.5", "ten", "0x10", "1e3", "11"])("--limit %j is refused", (text) => {
  expect(() => wholeNumber("limit", text, 0, 10)).toThrow(
    `--limit takes a whole number from 0 to 10, not "${text}".`,
  );
});
