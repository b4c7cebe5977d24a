import { dialects } from "@spancost/semconv";
import { expect, test } from "vitest";
import { readables, unreadable } from "./readable.ts";

test("every dialect can be read, or says why not, and none does both", () => {
  const read = readables.flatMap((readable) => readable.dialects);
  const named = [...read, ...Object.keys(unreadable)];
  const known = [...new Set(dialects.map(({ id }) => id))];
  expect(named.toSorted()).toEqual(known.toSorted());
});
