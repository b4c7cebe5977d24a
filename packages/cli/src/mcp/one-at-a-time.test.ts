import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { OneAtATime } from "./one-at-a-time.ts";

test("questions are answered in turn, and a failure ends its own alone", async () => {
  const line = new OneAtATime({ millis: 5_000, waiting: 3 });
  const order: string[] = [];
  const ask = (name: string, fails = false) =>
    line.run(async () => {
      order.push(`${name} begins`);
      await delay(5);
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
      return name;
    });
  const answers = await Promise.allSettled([ask("first", true), ask("second"), ask("third")]);
  expect(answers.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "fulfilled"]);
  expect(order.filter((_, index) => index % 2 === 0)).toEqual([
    "first begins",
    "second begins",
    "third begins",
  ]);
});

test("what takes too long is given up, and what waited too long is not begun", async () => {
  const line = new OneAtATime({ millis: 20, waiting: 3 });
  let begun = 0;
  const slow = () => {
    begun += 1;
    return delay(60);
  };
  const answers = await Promise.allSettled([line.run(slow), line.run(slow)]);
  expect(answers).toMatchObject([
    { reason: { message: "no answer within 0.02 s; ask for a shorter window" } },
    { reason: { name: "BusyError" } },
  ]);
  await delay(80);
  expect(begun).toBe(1);
  expect(await line.run(async () => "later")).toBe("later");
});

test("only so many wait", async () => {
  const line = new OneAtATime({ millis: 1_000, waiting: 1 });
  const asked = [1, 2, 3].map(() => line.run(() => delay(5)));
  const answers = await Promise.allSettled(asked);
  expect(answers[2]).toMatchObject({
    reason: { message: "more than 1 questions wait; ask later" },
  });
  expect(answers.slice(0, 2).map(({ status }) => status)).toEqual(["fulfilled", "fulfilled"]);
});
