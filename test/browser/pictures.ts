// Makes the pictures of docs/page.md again: the page on the demo's incident, as a browser shows it.
//
//     npm run pictures
//
// It needs a browser (see chromium.ts) and says so where there is none.
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Browser } from "playwright-core";
import { runCommand } from "../flow/command.ts";
import { openBrowser, openPage, settled } from "./browsing.ts";
import { serve } from "./served.ts";

/** The same week each time. */
const until = "2026-11-20T12:00:00Z";
const incident =
  "from=2026-11-12T12:00Z&to=2026-11-20T12:00Z&since=2026-11-20T03:00Z&until=2026-11-20T12:00Z";

const views = {
  now: "/",
  explain: `/explain?${incident}`,
  traces: `/traces?${incident}`,
  trace: `/trace/285bf2807f931c39ccfe0f46e6848f07?${incident}`,
  quality: `/quality?${incident}`,
} as const;

const wide = { width: 1440, height: 1100 };
const narrow = { width: 390, height: 1300 };

const pictures = [
  ...(["now", "explain"] as const).flatMap((view) =>
    (["light", "dark"] as const).flatMap((scheme) => [
      { view, name: "wide", viewport: wide, scheme },
      { view, name: "narrow", viewport: narrow, scheme },
    ]),
  ),
  { view: "traces", name: "wide", viewport: wide, scheme: "light" },
  { view: "trace", name: "wide", viewport: wide, scheme: "light" },
  { view: "trace", name: "narrow", viewport: narrow, scheme: "dark" },
  { view: "quality", name: "wide", viewport: wide, scheme: "dark" },
] as const;

/** Of a company that noticed too late: one breached, one close to it. */
const budgets = `budgets:
  - {name: everything, period: month, limit: 700}
  - {name: support agent, where: {feature: support-agent}, period: day, limit: 20}
  - {name: search answers, where: {feature: search-answers}, period: month, limit: 25}
  - {name: an answer of support, where: {feature: support-agent}, period: day, limit_per_request: 0.10}
`;

const mostBytes = 300_000;

const folder = mkdtempSync(join(tmpdir(), "spancost-pictures-"));
try {
  const { code, stderr } = await runCommand(folder, ["demo", "--until", until, "--json"]);
  if (code !== 0) throw new Error(stderr);
  writeFileSync(join(folder, "budgets.yaml"), budgets);
  const served = await serve(folder, "spancost-demo.duckdb", [
    "--trace-link",
    "https://tempo.example/trace/{trace_id}",
    "--budgets",
    "budgets.yaml",
  ]);
  const browser = await openBrowser();
  try {
    for (const picture of pictures) await take(browser, served.url, picture);
  } finally {
    await browser.close();
    await served.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function take(
  browser: Browser,
  url: string,
  { view, name, viewport, scheme }: (typeof pictures)[number],
): Promise<void> {
  const { page, problems } = await openPage(browser, { viewport, colorScheme: scheme });
  // As it was seen a minute after the last call.
  await page.clock.setFixedTime("2026-11-20T12:01:00Z");
  await page.goto(url + views[view]);
  if (view === "now") await page.locator(".spike", { hasText: "The window cost" }).waitFor();
  if (view === "explain") await page.locator(".dimensions table").first().waitFor();
  if (view === "now") await page.locator(".state").first().waitFor();
  await settled(page);
  if (problems.length > 0) throw new Error(problems.join("\n"));
  const file = `docs/page-${view}-${name}-${scheme}.png`;
  await page.screenshot({ path: resolve(file) });
  await page.context().close();
  const bytes = statSync(file).size;
  if (bytes > mostBytes) throw new Error(`${file} has ${bytes} bytes, more than ${mostBytes}`);
  console.log(`${file}: ${bytes} bytes`);
}
