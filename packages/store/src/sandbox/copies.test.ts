import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { inScratch } from "../scratch.ts";
import { Copies } from "./copies.ts";

test("a copy finds its folder there though somebody else who worked in it is done first", async () => {
  const folder = mkdtempSync(join(tmpdir(), "spancost-copies-"));
  const scratch = join(folder, "costs.duckdb.scratch");
  let isSettled: () => void = () => undefined;
  const settled = new Promise<undefined>((resolve) => {
    isSettled = () => resolve(undefined);
  });
  const source = {
    file: join(folder, "costs.duckdb"),
    settledWithin: () => settled,
    copy: async (out: string) => {
      await settled;
      writeFileSync(out, "a copy");
      return undefined;
    },
  };
  const copies = new Copies(source, scratch, 1_000);
  try {
    const lease = copies.current(new AbortController().signal);
    await expect.poll(() => existsSync(scratch)).toBe(true);
    await inScratch(scratch, async () => undefined);
    isSettled();
    expect(existsSync((await lease).file)).toBe(true);
  } finally {
    await copies.close();
    expect(existsSync(scratch)).toBe(false);
    rmSync(folder, { recursive: true });
  }
});
