import { globSync, statSync } from "node:fs";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { findChromium } from "./chromium.ts";

const found = findChromium();

/** Whether the tests of a file can run. Where they cannot, it is said once per file, with the reason. */
export const hasBrowser = "path" in found;
if ("reason" in found) console.warn(`\nThe page is NOT tested in a browser: ${found.reason}\n`);

export function openBrowser(): Promise<Browser> {
  checkBuild();
  if (!("path" in found)) throw new Error(found.reason);
  return chromium.launch({
    executablePath: found.path,
    args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
  });
}

/** A page, and what went wrong in it: errors of its script, and what its security policy forbade. */
export interface Watched {
  readonly page: Page;
  readonly problems: string[];
}

export async function openPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  page.on("requestfailed", (request) => {
    // What is asked no more is broken off.
    if (request.failure()?.errorText !== "net::ERR_ABORTED")
      problems.push(`not loaded: ${request.url()}`);
  });
  return { page, problems };
}

/** Waits until no part of the page waits for an answer. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector("main section, main .empty, main [role=alert]");
  await page.waitForFunction(() => document.querySelector(".progress i") === null);
}

/** @throws where the page was changed after it was built: what the browser is shown would be the old one */
function checkBuild(): void {
  const newest = (pattern: string | string[]) =>
    Math.max(0, ...globSync(pattern).map((file) => statSync(file).mtimeMs));
  const sources = newest(["packages/web/page/**/*.{tsx,ts,css,html}", "packages/web/src/**/*.ts"]);
  if (newest("packages/web/dist/page/index.html") > sources) return;
  throw new Error(
    "The page is older than its sources. Build it: npm run bundle --workspace @spancost/web",
  );
}
