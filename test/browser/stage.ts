import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll } from "vitest";
import { runCommand } from "../flow/command.ts";
import { openBrowser } from "./browsing.ts";
import { type Served, serve } from "./served.ts";

/** What the tests of a block have in common, from its beginning to its end. */
export interface Stage {
  readonly folder: string;
  readonly served: Served;
  readonly browser: Browser;
}

/** How a block's receiver is started. */
export interface StageOptions {
  readonly db?: string;
  /** Of `spancost serve`. */
  readonly flags?: readonly string[];
  /** Puts into the folder what has to be there before the receiver is started. */
  prepare?(folder: string): unknown;
}

/** A folder of its own, a receiver in it and a browser, for all tests of the block that calls it. */
export function useStage({ db = "costs.duckdb", flags = [], prepare }: StageOptions = {}): Stage {
  const stage: { -readonly [part in keyof Stage]?: Stage[part] } = {};
  beforeAll(async () => {
    stage.folder = mkdtempSync(join(tmpdir(), "spancost-browser-"));
    await prepare?.(stage.folder);
    stage.served = await serve(stage.folder, db, flags);
    stage.browser = await openBrowser();
  }, 120_000);
  afterAll(async () => {
    await stage.browser?.close();
    await stage.served?.stop();
    if (stage.folder !== undefined) rmSync(stage.folder, { recursive: true, force: true });
  });
  return stage as Stage;
}

/** The demo's file. */
export const demoDb = "spancost-demo.duckdb";

/** Makes the demo's week in the folder: its incident began nine hours before its end. @throws where it fails */
export async function makeDemo(folder: string): Promise<void> {
  const { code, stderr } = await runCommand(folder, ["demo", "--until", demoUntil, "--quiet"]);
  if (code !== 0) throw new Error(stderr);
}

export const demoUntil = "2026-11-20T12:00:00Z";
