import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

/** Keeps as much as makes V8 want more, a little at a time, as requests would. */
const program = `
  const { getHeapSpaceStatistics } = await import("node:v8");
  const { setImmediate } = await import("node:timers/promises");
  const kept = [];
  for (let turn = 0; turn < 3_000; turn += 1) {
    for (let nth = 0; nth < 5_000; nth += 1) kept[(turn * 5_000 + nth) % 600_000] = { nth, list: [nth] };
    await setImmediate();
  }
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.log(young.space_size / 2 ** 20);
`;

function youngMegabytes(before: string): number {
  // What V8 takes by itself depends on the memory of the machine.
  const args = ["--max-semi-space-size=64", "--input-type=module", "--eval", before + program];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

test("the young generation is kept at 32 MB, where V8 would take 64 or 128", () => {
  const module = fileURLToPath(new URL("young-generation.ts", import.meta.url));
  const kept = `(await import(${JSON.stringify(module)})).keepYoungGenerationSmall();`;
  expect(youngMegabytes("")).toBeGreaterThanOrEqual(64);
  expect(youngMegabytes(kept)).toBe(32);
}, 60_000);
