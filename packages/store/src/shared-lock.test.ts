import { expect, test } from "vitest";
import { SharedLock } from "./shared-lock.ts";

/** Who passes writes down when it enters and when it leaves, and leaves when it is told to. */
class Passing {
  readonly lock = new SharedLock();
  readonly seen: string[] = [];
  readonly #leave = new Map<string, () => void>();

  stay(name: string): () => Promise<void> {
    return () => {
      this.seen.push(`${name} in`);
      return new Promise((resolve) =>
        this.#leave.set(name, () => {
          this.seen.push(`${name} out`);
          resolve();
        }),
      );
    };
  }

  async out(name: string): Promise<void> {
    this.#leave.get(name)?.();
    await settled();
  }
}

/** Resolves once all that can go on has. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test("who wants to be alone waits for those inside, and is not overtaken", async () => {
  const people = new Passing();
  void people.lock.shared(people.stay("first"));
  void people.lock.exclusive(people.stay("alone"));
  void people.lock.shared(people.stay("later"));
  await settled();
  expect(people.seen).toEqual(["first in"]);
  await people.out("first");
  expect(people.seen.at(-1)).toBe("alone in");
  await people.out("alone");
  expect(people.seen.at(-1)).toBe("later in");
});

test("who was alone and stays lets others pass, also before one who wants to be alone", async () => {
  const people = new Passing();
  void people.lock.shared(people.stay("before"));
  void people.lock.aloneThenBeside(people.stay("alone"), people.stay("beside"));
  void people.lock.exclusive(people.stay("next alone"));
  void people.lock.shared(people.stay("writer"));
  await settled();
  expect(people.seen).toEqual(["before in"]);
  await people.out("before");
  expect(people.seen.at(-1)).toBe("alone in");
  await people.out("alone");
  expect(people.seen.slice(-2).sort()).toEqual(["beside in", "writer in"]);
  expect(people.lock.isKept).toBe(true);
  await people.out("beside");
  expect(people.lock.isKept).toBe(false);
  expect(people.seen.at(-1)).toBe("beside out");
  void people.lock.shared(people.stay("late writer"));
  await settled();
  await people.out("writer");
  expect(people.seen.at(-1)).toBe("next alone in");
  await people.out("next alone");
  expect(people.seen.at(-1)).toBe("late writer in");
});

test("what fails while it is alone, or beside others, lets the next one pass", async () => {
  const lock = new SharedLock();
  const fails = () => Promise.reject(new Error("full"));
  await expect(lock.aloneThenBeside(fails, fails)).rejects.toThrow("full");
  await expect(lock.aloneThenBeside(async () => 1, fails)).rejects.toThrow("full");
  expect(await lock.exclusive(async () => "through")).toBe("through");
  expect(lock.isKept).toBe(false);
});
