import fc from "fast-check";
import { expect, test } from "vitest";
import { combined } from "./numbering.ts";

const members = fc.integer({ min: 1, max: 60 });

/** Columns of so many members, whose values are few, or far more than there are members. */
function columnsOf(length: number) {
  const values = fc.constantFrom(0, 1, 2, 3, 7, 50, 2 ** 26 - 1);
  const column = fc
    .array(values, { minLength: length, maxLength: length })
    .map((numbers) => Int32Array.from(numbers));
  return fc.tuple(fc.constant(length), fc.array(column, { maxLength: 4 }));
}

test("members have the same number where all columns say the same, in the order in which they come", () => {
  fc.assert(
    fc.property(members.chain(columnsOf), ([length, columns]) => {
      const numbers = new Map<string, number>();
      const expected = Array.from({ length }, (_, member) => {
        const key = columns.map((column) => column[member]).join();
        if (!numbers.has(key)) numbers.set(key, numbers.size);
        return numbers.get(key);
      });
      expect([...combined(columns, length)]).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test("many members of few values", () => {
  const few = Int32Array.from({ length: 10_000 }, (_, member) => member % 3);
  const more = Int32Array.from({ length: 10_000 }, (_, member) => member % 5);
  const numbers = combined([few, more], 10_000);
  expect([...numbers.subarray(0, 16)]).toEqual([...Array(15).keys(), 0]);
  expect(numbers.every((number, member) => number === member % 15)).toBe(true);
});
