import { afterAll, beforeAll, expect, test } from "vitest";
import { answers } from "./answers.ts";
import { settings } from "./settings.ts";
import { words } from "./words.ts";
import { type Expectation, World } from "./world.ts";

/** What people who like other command lines expect of this one, a test for each. */
const expectations: readonly Expectation[] = [...answers, ...words, ...settings];

let world: World;
beforeAll(async () => {
  world = await World.make();
}, 120_000);
afterAll(() => world?.remove());

test("every expectation is named once", () => {
  const names = expectations.map(({ name }) => name);
  expect(new Set(names).size).toBe(21);
  expect(names).toHaveLength(21);
});

test.each(expectations)(
  "$name: $rule",
  async ({ name, reason, holds }) => {
    if (reason !== undefined) console.log(`${name}, in part: ${reason}.`);
    await holds(world);
  },
  60_000,
);
