import { readFileSync } from "node:fs";
import { keepAttribute, numberedKeys } from "@spancost/semconv";
import { expect, test } from "vitest";

const text = readFileSync("collector-config/cost-only.yaml", "utf8");

/** The names in the list of a statement. */
function namesIn(statement: string): string[] {
  const start = text.indexOf(statement) + statement.length;
  const list = text.slice(start, text.indexOf("])", start));
  return [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1] ?? "");
}

/** Attributes that go on only where nothing but counts is in them. */
const answers = [...text.matchAll(/set\(span\.attributes\["([^"]+)"\], span\.cache\["all"\]/g)].map(
  (match) => match[1] ?? "",
);

test("a Collector lets through what spancost reads of spans, and nothing else", () => {
  const kept = namesIn("keep_keys(span.attributes, [");
  const read = numberedKeys().filter(keepAttribute);
  expect([...kept, ...answers].toSorted()).toEqual(read.toSorted());
});

test("of resources it lets through only what is read of them", () => {
  const kept = namesIn("keep_keys(resource.attributes, [");
  expect(kept.length).toBeGreaterThan(10);
  expect(kept.filter((name) => !keepAttribute(name))).toEqual([]);
});

test("whatever refuses to be looked at is refused whole", () => {
  // Where one fails, nothing is sent; the other puts counts aside, and what it does not put aside stays out.
  expect(text.match(/error_mode: \w+/g)).toEqual([
    "error_mode: silent",
    "error_mode: propagate",
    "error_mode: propagate",
    "error_mode: propagate",
  ]);
});
