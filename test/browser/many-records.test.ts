import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hasBrowser, openPage, settled } from "./browsing.ts";
import { multiplyCalls } from "./many-records.ts";
import { demoDb, makeDemo, useStage } from "./stage.ts";

const records = 1_000_000;

let stored: number;

describe.skipIf(!hasBrowser)("the page over 1,000,000 records", () => {
  const stage = useStage({
    db: demoDb,
    async prepare(folder) {
      await makeDemo(folder);
      stored = await multiplyCalls(join(folder, demoDb), records);
    },
  });

  test("shows the week, its dearest traces and the calls of unknown cost", async () => {
    const { served, browser } = stage;
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
