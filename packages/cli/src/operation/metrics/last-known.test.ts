import { expect, test } from "vitest";
import { LastKnown, type LastKnownOptions } from "./last-known.ts";

function known(read: LastKnownOptions<number>["read"], pauseMs = 0, failures: unknown[] = []) {
  return new LastKnown({
    read,
    pauseMs,
    patienceMs: 20,
    giveUpMs: 60_000,
    onFailure: (error) => failures.push(error),
  });
}

test("what was read lately is not read again", async () => {
  let reads = 0;
  const numbers = known(async () => ++reads, 60_000);
  expect([(await numbers.get())?.value, (await numbers.get())?.value]).toEqual([1, 1]);
});

test("who asks while a reading takes long gets what was known before, with its age, and begins no other", async () => {
  let reads = 0;
  const numbers = known(() => (++reads === 1 ? Promise.resolve(7) : new Promise(() => {})));
  const first = await numbers.get();
  const later = await Promise.all([numbers.get(), numbers.get()]);
  expect([first?.value, ...later.map((each) => each?.value), reads]).toEqual([7, 7, 7, 2]);
  expect(later[0]?.ageMs).toBeGreaterThanOrEqual(19);
});

test("nothing is known before the first reading is over", async () => {
  expect(await known(() => new Promise(() => {})).get()).toBeUndefined();
});

test("a reading that fails is told, keeps what was known, and is tried again after the pause only", async () => {
  const failures: unknown[] = [];
  let reads = 0;
  const broken = async () => {
    if (++reads > 1) throw new Error("no disk");
    return 7;
  };
  const numbers = known(broken, 0, failures);
  await numbers.get();
  expect((await numbers.get())?.value).toBe(7);
  expect(failures).toEqual([new Error("no disk")]);

  let tries = 0;
  const patient = known(() => Promise.reject(new Error(`try ${++tries}`)), 60_000);
  expect([await patient.get(), await patient.get(), tries]).toEqual([undefined, undefined, 1]);
});

test("once closed, a reading under way is told to stop and its failure is nobody's", async () => {
  const failures: unknown[] = [];
  const numbers = known(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason));
      }),
    0,
    failures,
  );
  await numbers.get();
  numbers.close();
  await numbers.get();
  expect(failures).toEqual([]);
});
