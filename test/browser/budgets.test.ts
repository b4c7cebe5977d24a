import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasBrowser, openBrowser, openPage, settled } from "./browsing.ts";
import { type Served, serve } from "./served.ts";
import { modelCall, sendCall } from "./spans.ts";

let folder: string;
let served: Served;
let browser: Browser;

/** A call costs 25 cents. */
const budgets = `budgets:
  - {name: search, where: {feature: search}, period: month, limit: 0.20}
  - {name: everything, period: month, limit: 1000, forecast: off}
`;

describe.skipIf(!hasBrowser)("the page of a receiver with budgets", () => {
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "spancost-browser-"));
    writeFileSync(join(folder, "budgets.yaml"), budgets);
    served = await serve(folder, "costs.duckdb", ["--budgets", "budgets.yaml"]);
    browser = await openBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await served?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("says how it stands with them, worst first, and leads to what is behind one", async () => {
    const names = { span: "chat", feature: "search", service: "api" };
    await sendCall(served.otlpUrl, modelCall(names).body);
    const { page, problems } = await openPage(browser);
    await page.goto(`${served.url}/`);
    const rows = page.getByRole("region", { name: "Budgets" }).locator("tbody tr");
    await rows.first().waitFor({ timeout: 20_000 });
    await settled(page);
    const texts = (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, " "));
    expect(texts[0]).toMatch(/^✕ breached search month \$0\.25 \$0\.20 125\.0 %/);
    expect(texts[1]).toMatch(/^✓ ok everything month \$0\.25 \$1,000\.00 <0\.1 %/);

    const { violations } = await new AxeBuilder({ page }).include(".panel").analyze();
    expect(
      violations.filter(({ impact }) => impact === "serious" || impact === "critical"),
    ).toEqual([]);

    await rows.first().getByRole("link", { name: "search" }).click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe("/explain");
    expect(new URL(page.url()).searchParams.get("where")).toBe("feature=search");
    expect(problems).toEqual([]);
  });
});
