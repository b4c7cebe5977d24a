import { readFileSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { runCommand } from "../flow/command.ts";
import { hasBrowser, openPage, settled, type Watched } from "./browsing.ts";
import { demoDb, demoUntil, makeDemo, useStage } from "./stage.ts";

/** The demo's week: its incident began on 20 November at 03:00. */
const week = "from=2026-11-12T12:00Z&to=2026-11-20T12:00Z";
const incident = `${week}&since=2026-11-20T03:00Z&until=2026-11-20T12:00Z`;

const views = ["/", "/explain", "/traces", "/quality", "/queries/unpriced"];

describe.skipIf(!hasBrowser)("the page on the demo's incident", () => {
  const stage = useStage({
    db: demoDb,
    flags: ["--trace-link", "https://tempo.example/trace/{trace_id}"],
    prepare: makeDemo,
  });

  async function open(path: string, options = {}): Promise<Watched> {
    const watched = await openPage(stage.browser, options);
    await watched.page.goto(stage.served.url + path);
    await settled(watched.page);
    return watched;
  }

  async function answer(path: string) {
    return (await fetch(`${stage.served.url}/api/${path}`)).json();
  }

  test("shows what a link from the command line says", async () => {
    const asked = ["--since", "2026-11-20T03:00Z", "--until", demoUntil, "--where", "team=support"];
    const linked = await runCommand(stage.folder, ["link", "explain", ...asked, "--db", demoDb]);
    expect([linked.code, linked.stderr]).toEqual([0, ""]);
    const link = linked.stdout.trim();
    expect(link.startsWith(`${stage.served.url}/explain?`)).toBe(true);
    const { page } = await open(link.slice(stage.served.url.length));
    await page.locator(".finding").first().waitFor();
    const told = await runCommand(stage.folder, ["explain", ...asked, "--db", demoDb, "--json"]);
    const { cost_usd: cost, findings } = JSON.parse(told.stdout);
    expect(await page.locator(".figures").innerText()).toContain(`$${cost.toFixed(2)}`);
    expect(await page.locator(".findings").innerText()).toContain(findings[0].sentence);
    expect(page.url()).toBe(link);
  });

  test("says that it explains for as long as that takes", async () => {
    const { page } = await openPage(stage.browser);
    let letThrough = () => {};
    const held = new Promise<void>((resolve) => {
      letThrough = resolve;
    });
    await page.route("**/api/explain?*", async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(`${stage.served.url}/explain?${incident}`);
    const waiting = page.getByText("is being worked out …");
    await waiting.waitFor();
    letThrough();
    await page.locator(".finding").first().waitFor();
    expect(await waiting.count()).toBe(0);
  });

  test("leads from a brush over the spike to its cause, to a trace, and to a report", async () => {
    const { page, problems } = await open("/");
    await page.getByText("Spike found").waitFor();

    await drawOver(page, "2026-11-20T02:30Z", "2026-11-20T11:30Z");
    await expect
      .poll(() => new URL(page.url()).searchParams.get("since"))
      .toBe("2026-11-20T02:00Z");
    expect(new URL(page.url()).searchParams.get("until")).toMatch(/^2026-11-20T1[12]:\d\dZ$/);

    await page.getByRole("link", { name: "Explain", exact: true }).click();
    const finding = page.locator(".finding").first();
    await finding.waitFor();
    expect(await finding.innerText()).toMatch(/feature=support-agent\s+\+\$\d+\.\d\d/);
    expect(await finding.innerText()).toContain("longer agent loops");

    await finding
      .getByRole("link", { name: /^[0-9a-f]{8}/ })
      .first()
      .click();
    await page.getByRole("heading", { name: /^Trace [0-9a-f]{32}$/ }).waitFor();
    const traceId = new URL(page.url()).pathname.slice("/trace/".length);
    const { total } = await answer(`trace?trace_id=${traceId}`);
    await settled(page);
    const shown = await page.locator(".figures").innerText();
    expect(shown).toContain(`$${Number(total.cost_usd).toFixed(2)}`);
    expect(await page.locator(".badge.bad", { hasText: "loop 48" }).count()).toBe(1);
    expect(await page.locator(".badge.bad", { hasText: "retries" }).count()).toBeGreaterThan(0);
    const link = page.getByRole("link", { name: "See it in the tracing backend" });
    expect(await link.getAttribute("href")).toBe(`https://tempo.example/trace/${traceId}`);

    await page.goBack();
    await settled(page);
    for (const [name, begin] of [
      ["Markdown", "# "],
      ["HTML", "<!doctype html>"],
      ["JSON", "{"],
    ] as const) {
      const downloading = page.waitForEvent("download");
      await page.getByRole("link", { name, exact: true }).click();
      const text = readFileSync(await (await downloading).path(), "utf8");
      expect(text.slice(0, begin.length)).toBe(begin);
      expect(text).toContain("support-agent");
    }
    expect(problems).toEqual([]);
  });

  test("shows the same amounts as the command line's own answer", async () => {
    const { page } = await open(`/explain?${incident}`);
    const found = await answer("explain?since=2026-11-20T03:00Z&until=2026-11-20T12:00Z");
    const text = await page.locator("main").innerText();
    expect(text).toContain(found.summary);
    expect(text).toContain("stretches of the same length of working days");
    expect(text).toContain("Releases that are new beside the baseline");
    expect(text).toContain(`$${Number(found.cost_usd).toFixed(2)}`);
    expect(text).toContain(`+$${Number(found.delta_usd).toFixed(2)}`);
  });

  test("narrows to a value that is clicked, and the link shows others the same", async () => {
    const { page } = await open(`/explain?${incident}`);
    await page.getByRole("link", { name: "claude-opus-5-5", exact: true }).first().click();
    await expect
      .poll(() => new URL(page.url()).searchParams.getAll("where"))
      .toEqual(["model=claude-opus-5-5"]);
    await settled(page);
    const cost = await page.locator("#explain-title ~ dl, .figures").first().innerText();
    const again = await open(page.url().slice(stage.served.url.length));
    expect(await again.page.locator(".figures").first().innerText()).toBe(cost);
  });

  test("says of an empty window where there are calls, in words of the page", async () => {
    const empty = "since=2026-10-20T03:00Z&until=2026-10-20T12:00Z";
    const { page } = await open(`/explain?${empty}&where=${encodeURIComponent("team=support")}`);
    const text = await page.locator("#explain").innerText();
    expect(text).toContain("No call from 2026-10-20 03:00 to 12:00 UTC with team=support.");
    expect(text).not.toContain("--");
    await page.getByRole("link", { name: "look at the last day with calls" }).click();
    await page.locator("#explain .figures").waitFor();
    await page.goto(`${stage.served.url}/traces?${empty}`);
    await settled(page);
    expect(await page.locator("#traces").innerText()).toContain("No call from 2026-10-20 03:00");
  });

  test("names what the means are of", async () => {
    const { page } = await open(`/?${incident}`);
    expect(await page.locator("#features th").allInnerTexts()).toEqual([
      "Feature",
      "Last hour",
      "Mean hour",
      "24 hours",
      "Mean day",
      "×",
    ]);
  });

  test("an address where nothing is leads to the page", async () => {
    const { page, problems } = await openPage(stage.browser);
    await page.goto(`${stage.served.url}/spend`);
    // The status alone is told of.
    expect(problems).toEqual([expect.stringContaining("404")]);
    await page.getByRole("link").click();
    await page.locator("#features").waitFor();
  });

  test("on a phone names of a wide table stay whole, and the first in sight", async () => {
    const { page } = await open(`/quality?${incident}`, { viewport: { width: 390, height: 844 } });
    const name = page.locator("#duplicates td").first();
    expect((await name.boundingBox())?.height).toBeLessThan(40);
    const left = async () => (await name.boundingBox())?.x;
    const before = await left();
    await page.locator("#duplicates .scroll").evaluate((table) => table.scrollBy(200, 0));
    expect(await left()).toBe(before);
  });

  test("sorts and pages traces at the server", async () => {
    const { page, problems } = await open(`/traces?${incident}`);
    await page.getByRole("button", { name: "Calls" }).click();
    await expect.poll(() => page.url()).toContain("sort=calls");
    await settled(page);
    expect(await page.locator("th[aria-sort=descending]").innerText()).toContain("Calls");
    await page.getByRole("link", { name: "Next" }).click();
    await page.getByText(/^51 to 100 of \d+ traces$/).waitFor();
    expect(problems).toEqual([]);
  });

  test("an error of the server is shown in its words", async () => {
    const { page } = await open(`/explain?${incident}&where=${encodeURIComponent("colour=red")}`);
    const alert = await page.locator(".failure").first().innerText();
    expect(alert).toContain('there is no dimension "colour"');
  });

  test("has names that a terminal quotes as code, and a query that a warning names as a link", async () => {
    const { page } = await open(`/explain?${incident}`);
    await page.locator(".warnings").getByRole("link", { name: "query unpriced" }).click();
    await settled(page);
    expect(page.url()).toBe(`${stage.served.url}/queries/unpriced?${incident}`);
    await page.getByRole("link", { name: "spike-by-feature", exact: true }).click();
    await settled(page);
    const about = page.locator("#query .quiet-text, .panel .quiet-text").first();
    expect(await about.locator("code").allInnerTexts()).toContain("baseline_since");
    expect(await about.innerText()).not.toContain("`");
  });

  test("runs a named query with a parameter, and shows its SQL", async () => {
    const { page, problems } = await open(`/queries/cost-per-trace?${incident}`);
    await page.getByLabel("max_rows").fill("3");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByText("3 rows", { exact: true }).waitFor();
    expect(await page.locator("pre.sql").innerText()).toContain("from cost_records");
    expect(problems).toEqual([]);
  });

  test.each(views)(
    "%s has no serious fault for who does not see or use a mouse, and fits on a phone",
    async (path) => {
      const { page } = await open(`${path}?${incident}`);
      const seriousFaults = async (axe: AxeBuilder) => {
        const { violations } = await axe.analyze();
        return violations
          .filter(({ impact }) => impact === "serious" || impact === "critical")
          .map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)]);
      };
      expect(await seriousFaults(new AxeBuilder({ page }))).toEqual([]);
      await page.emulateMedia({ colorScheme: "dark" });
      const contrast = new AxeBuilder({ page }).withRules(["color-contrast"]);
      expect(await seriousFaults(contrast)).toEqual([]);
      await page.setViewportSize({ width: 390, height: 844 });
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    },
  );

  test("what is being typed stays while the page asks for what is new", async () => {
    const { page } = await open(`/explain?${incident}`);
    const start = page.getByLabel("Start of the window, UTC");
    await start.fill("2026-11-20 04:00");
    for (const _ of [1, 2]) await page.waitForResponse(/page\/now/);
    expect(await start.inputValue()).toBe("2026-11-20 04:00");
    await page.keyboard.press("Enter");
    await expect
      .poll(() => new URL(page.url()).searchParams.get("since"))
      .toBe("2026-11-20T04:00Z");
  });

  test("is dark where the reader's system is", async () => {
    const ground = async (colorScheme: "light" | "dark") => {
      const { page } = await open("/", { colorScheme });
      return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    };
    expect([await ground("light"), await ground("dark")]).toEqual([
      "rgb(255, 255, 255)",
      "rgb(20, 23, 26)",
    ]);
  });

  test("can be used with the keyboard alone", async () => {
    const { page } = await open(`/?${incident}`);
    await tabTo(page, "To the content");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");

    await tabTo(page, "Start of the window");
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => new URL(page.url()).searchParams.get("since")).toMatch(/T0[02]:00Z$/);

    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    await tabTo(page, "Explain");
    await page.keyboard.press("Enter");
    await page.locator(".finding").first().waitFor();
    await settled(page);
    await tabTo(page, "Its traces");
    await page.keyboard.press("Enter");
    await expect.poll(() => new URL(page.url()).pathname).toBe("/traces");
    await settled(page);
    await tabTo(page, "Retries");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toContain("sort=retries");
  });
});

/** Draws over the timeline with the mouse, between two times of the week that is shown. */
async function drawOver(page: Page, since: string, until: string): Promise<void> {
  const brush = page.locator(".brush");
  await brush.scrollIntoViewIfNeeded();
  const box = await brush.boundingBox();
  const params = new URL(page.url()).searchParams;
  const [from, to] = ["from", "to"].map((name) => Date.parse(params.get(name) ?? ""));
  if (!box || from === undefined || to === undefined) throw new Error("there is no timeline");
  // The plot's own margins, as the charts draw them.
  const x = (time: string) =>
    box.x + 52 + ((Date.parse(time) - from) / (to - from)) * (box.width - 52 - 14);
  const y = box.y + box.height / 2;
  await page.mouse.move(x(since), y);
  await page.mouse.down();
  await page.mouse.move(x(until), y, { steps: 5 });
  await page.mouse.up();
}

/** Presses Tab until what is called so has the focus. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let press = 0; press < 120; press += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return (element?.getAttribute("aria-label") ?? element?.textContent ?? "").trim();
    });
    if (focused === name) return;
  }
  throw new Error(`Tab does not lead to ${name}`);
}
