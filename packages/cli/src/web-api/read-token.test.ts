import { expect, test } from "vitest";
import { readToken } from "./read-token.ts";

function basic(text: string): string {
  return `Basic ${Buffer.from(text).toString("base64")}`;
}

test.each([
  ["Bearer s3cret", "s3cret"],
  ["bearer   s3cret ", "s3cret"],
  [basic("anyone:s3cret"), "s3cret"],
  [basic(":s3:cret"), "s3:cret"],
  [basic("anyone:päss"), "päss"],
  [basic("anyone:"), undefined],
  [basic("anyone"), undefined],
  ["Basic", undefined],
  ["Bearer", undefined],
  ["Bearer a b", undefined],
  ["Digest s3cret", undefined],
  [undefined, undefined],
])("of %s: %s", (authorization, token) => {
  expect(readToken({ headers: { authorization } })).toBe(token);
});
