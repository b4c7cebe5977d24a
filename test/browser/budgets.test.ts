import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import { describe, expect, test } from "vitest";
import { hasBrowser, openPage, settled } from "./browsing.ts";
import { modelCall, sendCall } from "./spans.ts";
import { useStage } from "./stage.ts";

/** A call costs 25 cents. */
const budgets = `budgets:
  - {name: search, where: {feature: search}, period: month, limit: 0.20}
  - {name: everything, period: month, limit: 1000, forecast: off}
  - {name: services, each: service, where: {feature: search}, period: month, limit: 900, forecast: off}
`;

describe.skipIf(!hasBrowser)("the page of a receiver with budgets", () => {
  const stage = useStage({
    flags: ["--budgets", "budgets.yaml"],
    prepare: (folder) => writeFileSync(join(folder, "budgets.yaml"), budgets),
  });

  test("says how it stands with them, worst first, and leads to what is behind one", async () => {
    const { served, browser } = stage;
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

    await page.setViewportSize({ width: 390, height: 844 });
    const hidden = () =>
      page
        .getByRole("region", { name: "Budgets" })
        .locator(".scroll")
        .evaluate((table) => table.scrollWidth - table.clientWidth);
    await expect.poll(hidden).toBe(0);

    await rows.first().getByRole("link", { name: "search" }).click();
    await settled(page);
    expect(new URL(page.url()).pathname).toBe("/explain");
    expect(new URL(page.url()).searchParams.get("where")).toBe("feature=search");

    await page.goBack();
    await rows.getByRole("link", { name: "services: api" }).click();
    await settled(page);
    const narrowed = new URL(page.url()).searchParams.getAll("where");
    expect(narrowed).toEqual(["feature=search", "service=api"]);
    expect(problems).toEqual([]);
  });
});
