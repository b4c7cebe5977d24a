import { expect, test } from "vitest";
import { ByteBudget } from "./byte-budget.ts";

/** What `sender` gets when it takes `bytes` at a time until it gets no more. */
function takeAll(budget: ByteBudget, sender: string, bytes: number): number {
  let taken = 0;
  while (budget.take(sender, bytes)) taken += bytes;
  return taken;
}

test("one sender alone may hold three quarters", () => {
  const budget = new ByteBudget(1000);
  expect(takeAll(budget, "a", 10)).toBe(750);
  expect(budget.take("a", 1)).toBe(false);
  expect(budget.held).toBe(750);
});

test("there is always room for one more sender, and never more held than there is", () => {
  const budget = new ByteBudget(1_000_000);
  for (const sender of ["a", "b", "c", "d", "e", "f"]) {
    expect(takeAll(budget, sender, 1)).toBeGreaterThan(100);
    expect(budget.held).toBeLessThan(1_000_000);
  }
});

test("senders that want the same get the same", () => {
  const budget = new ByteBudget(1000);
  const senders = ["a", "b", "c"];
  const taken = new Map(senders.map((sender) => [sender, 0]));
  for (let round = 0; round < 1000; round += 1) {
    for (const sender of senders) {
      if (budget.take(sender, 1)) taken.set(sender, (taken.get(sender) ?? 0) + 1);
    }
  }
  expect([...taken.values()]).toEqual([300, 300, 300]);
});

test("what is given back can be had again, by whoever asks", () => {
  const budget = new ByteBudget(1000);
  takeAll(budget, "a", 10);
  budget.giveBack("a", 750);
  expect(budget.held).toBe(0);
  expect(takeAll(budget, "b", 10)).toBe(750);
});
