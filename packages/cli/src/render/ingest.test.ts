import { expect, test } from "vitest";
import { stoppedReading, stoppedWorkingOut } from "./ingest.ts";

const whole = { file: "a.pb", spans: 1, error: null };
const broken = { file: "b.pb", spans: 0, error: "b.pb: 2 bytes wanted, 0 left at byte 2" };

test.each([
  [
    [whole, broken, { file: "c.jsonl", spans: 16_384, error: null }],
    0,
    "interrupted. Stored: 1 file with 1 span, and the first 16,384 spans of c.jsonl. Not read: the rest of c.jsonl. ",
  ],
  [
    [{ file: "c.jsonl", spans: 0, error: null }],
    2,
    "interrupted. Stored: nothing. Not read: c.jsonl and 2 files after it. ",
  ],
])("what was stopped is told by what is stored: %j", (rows, unread, told) => {
  expect(stoppedReading(rows, unread)).toBe(
    `${told}Run the same command again for the rest: what is stored already counts once.`,
  );
});

test("what was stopped after the last file is all there", () => {
  expect(stoppedWorkingOut([whole, broken])).toBe(
    "interrupted. Stored: 1 file with 1 span. What they cost is worked out by the next command that asks.",
  );
});
