import { execFile, execFileSync } from "node:child_process";
import { existsSync, globSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";

/** Where a browser is put that is only for these tests. Kept between runs. */
const ownFolder = resolve(".cache/browsers");

/** A browser that starts, or why there is none. */
export type FoundChromium = { readonly path: string } | { readonly reason: string };

/** The one that CHROMIUM names, else one on PATH, else the one that `installChromium` fetched. */
export function findChromium(): FoundChromium {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
  const candidates = [
    process.env["CHROMIUM"] ?? "",
    ...folders.flatMap((folder) => names.map((name) => join(folder, name))),
    ...globSync(join(ownFolder, "*/*/{headless_shell,chrome-headless-shell}")),
  ].filter((path) => path !== "" && existsSync(path));
  const problems: string[] = [];
  for (const path of candidates) {
    try {
      execFileSync(path, ["--version"], { timeout: 20_000, stdio: "pipe" });
      return { path };
    } catch (error) {
      problems.push(`${path} does not start: ${String(error).split("\n")[0]}`);
    }
  }
  const reason =
    problems.join("; ") || "there is no Chromium on PATH, in CHROMIUM or in .cache/browsers";
  return { reason: `${reason}. To fetch one: npm run test:browser` };
}

/** Fetches a small Chromium for these tests, unless one is there. @throws where it cannot be fetched in time */
export async function installChromium(): Promise<void> {
  if ("path" in findChromium()) return;
  const cli = resolve("node_modules/playwright-core/cli.js");
  await promisify(execFile)(process.execPath, [cli, "install", "--only-shell", "chromium"], {
    env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: ownFolder },
    timeout: 180_000,
  });
}
