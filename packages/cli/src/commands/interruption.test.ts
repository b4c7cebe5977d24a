import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { Interruption } from "./interruption.ts";

async function* numbers() {
  for (let number = 1; number <= 3; number++) yield { number };
}

test("what was given is not held on to", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  using interruption = new Interruption();
  const given: WeakRef<object>[] = [];
  for await (const item of interruption.until(numbers())) given.push(new WeakRef(item));
  await new Promise((resolve) => setTimeout(resolve));
  collect();
  // The last one may still stand in the loop's own variable.
  expect(given.slice(0, -1).map((item) => item.deref())).toEqual([undefined, undefined]);
});

test("nothing more is given once it happened, nor is waited for", async () => {
  using interruption = new Interruption();
  const given: number[] = [];
  for await (const { number } of interruption.until(numbers())) {
    given.push(number);
    if (number === 2) process.emit("SIGINT");
  }
  expect([given, interruption.happened]).toEqual([[1, 2], true]);
  expect(await interruption.orAnswer(new Promise<number>(() => {}))).toBeUndefined();
});

test("an answer that is waited for is given up", async () => {
  using interruption = new Interruption();
  const answer = interruption.orAnswer(new Promise<number>(() => {}));
  process.emit("SIGINT");
  expect(await answer).toBeUndefined();
});
