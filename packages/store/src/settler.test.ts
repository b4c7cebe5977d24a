import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { Keeper } from "./keeper.ts";
import { Settler } from "./settler.ts";
import { SharedLock } from "./shared-lock.ts";

test("one turn follows the other, whoever asks for it", async () => {
  let turns = 0;
  let inside = 0;
  let mostInside = 0;
  const use = async () => {
    turns += 1;
    inside += 1;
    mostInside = Math.max(mostInside, inside);
    await delay(5);
    inside -= 1;
    return turns;
  };
  const settler = new Settler({ use } as unknown as Keeper, new SharedLock());
  const asked = [settler.settle(), settler.settle(), settler.settleInBackground()];
  await delay(2);
  asked.push(settler.settle(), settler.settleInBackground(), settler.settle());
  await settler.idle();
  // Those who asked before it was begun share a turn.
  expect(await Promise.all(asked)).toEqual([1, 1, 2, 3, 4, 3]);
  expect(mostInside).toBe(1);
});

test("what a full disk refused is tried again in the background, and not by whoever asks", async () => {
  const full = new Error("IO Error: Could not write file: No space left on device");
  let turns = 0;
  let hasSpace = false;
  const use = async () => {
    turns += 1;
    if (!hasSpace) throw full;
    return turns;
  };
  const settler = new Settler({ use } as unknown as Keeper, new SharedLock());
  await expect(settler.settle()).rejects.toBe(full);
  await expect(settler.settle()).rejects.toBe(full);
  expect(turns).toBe(1);
  await expect(settler.settleInBackground()).rejects.toBe(full);
  hasSpace = true;
  await expect(settler.settle()).rejects.toBe(full);
  expect(await settler.settleInBackground()).toBe(3);
  expect(await settler.settle()).toBe(4);
});
