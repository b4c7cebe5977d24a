import { describe, expect, test } from "vitest";
import { hasBrowser, openPage, settled } from "./browsing.ts";
import { modelCall, sendCall } from "./spans.ts";
import { useStage } from "./stage.ts";

describe.skipIf(!hasBrowser)("a page that follows new calls", () => {
  const stage = useStage();

  test("keeps what is being typed into the times while the window moves, until another one is chosen", async () => {
    const { served, browser } = stage;
    const names = { span: "chat", feature: "search", service: "api" };
    const early = Date.now() - 10 * 60_000;
    await sendCall(served.otlpUrl, modelCall({ ...names, at: early }).body);
    const { page, problems } = await openPage(browser);
    await page.goto(`${served.url}/`);
    await page.getByText("Spend rate, last hour").waitFor({ timeout: 20_000 });
    await settled(page);
    const windowEnd = () => new URL(page.url()).searchParams.get("until");
    const before = windowEnd();
    expect(new URL(page.url()).searchParams.get("live")).toBe("1");

    const start = page.getByLabel("Start of the window, UTC");
    const end = page.getByLabel("End of the window, UTC");
    await start.fill("2026-11-2");
    // While calls come the window ends with the minute, or with a call of a clock that is ahead.
    await sendCall(served.otlpUrl, modelCall({ ...names, at: Date.now() + 180_000 }).body);
    await expect.poll(windowEnd, { timeout: 20_000 }).not.toBe(before);
    expect(await start.inputValue()).toBe("2026-11-2");
    const shown = (time: string | null) => (time ?? "").slice(0, 16).replace("T", " ");
    expect(await end.inputValue()).toBe(shown(windowEnd()));

    await page.getByRole("link", { name: "6 h", exact: true }).click();
    await settled(page);
    const since = new URL(page.url()).searchParams.get("since");
    await expect.poll(() => start.inputValue()).toBe(shown(since));
    expect(problems).toEqual([]);
  });
});
