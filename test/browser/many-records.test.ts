import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runCommand } from "../flow/command.ts";
import { hasBrowser, openBrowser, openPage, settled } from "./browsing.ts";
import { multiplyCalls } from "./many-records.ts";
import { type Served, serve } from "./served.ts";

const records = 1_000_000;

let folder: string;
let served: Served;
let browser: Browser;
let stored: number;

describe.skipIf(!hasBrowser)("the page over 1,000,000 records", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "spancost-browser-"));
    const until = "2026-11-20T12:00:00Z";
    await runCommand(folder, ["demo", "--until", until, "--json"]);
    stored = await multiplyCalls(join(folder, "spancost-demo.duckdb"), records);
    served = await serve(folder, "spancost-demo.duckdb");
    browser = await openBrowser();
  }, 120_000);

  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("shows the week, its dearest traces and the calls of unknown cost", async () => {
    expect(stored).toBeGreaterThanOrEqual(records);
    const week =
      "from=2026-11-12T12:00Z&to=2026-11-20T12:00Z&since=2026-11-12T12:00Z&until=2026-11-20T12:00Z";
    const { page, problems } = await openPage(browser);
    page.setDefaultTimeout(60_000);
    await page.goto(`${served.url}/traces?${week}`);
    await page.getByText(/^1 to 50 of \d{3},\d{3} traces$/).waitFor();
    await page.locator(".legend li").first().waitFor();
    const bars = await page.locator(".chart rect").count();
    expect([bars > 300, bars < 2_000]).toEqual([true, true]);
    await page.goto(`${served.url}/quality?${week}`);
    await settled(page);
    expect(await page.locator(".figures").innerText()).toContain("Calls in the window\n1,0");
    expect(problems).toEqual([]);
  });
});
