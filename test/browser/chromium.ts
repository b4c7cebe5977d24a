import { execFile, execFileSync } from "node:child_process";
import { existsSync, globSync, mkdirSync, rmSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";

/** Where a browser is put that is only for these tests. Kept between runs. */
const ownFolder = resolve(".cache/browsers");

/** Where the browser of an npm package is unpacked. */
const packagedFolder = join(ownFolder, "packaged");

/** Carries a Chromium for Linux on x64, so that a machine that reaches an npm registry and nothing else can test the page. */
const packagedChromium = "@sparticuz/chromium@153.0.0";

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
    join(packagedFolder, "chromium"),
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

/**
 * Fetches a small Chromium for these tests, unless one is there: the one that Playwright is released with, else one that comes in
 * an npm package. @throws where neither can be fetched in time
 */
export async function installChromium(): Promise<void> {
  if ("path" in findChromium()) return;
  await fetchFromPlaywright().catch(async (error: unknown) => {
    console.error(`Playwright's browser could not be fetched: ${reasonOf(error)}`);
    await fetchFromNpm();
  });
}

/** What a failed command said of its failure, in a line. */
export function reasonOf(error: unknown): string {
  const said = (error as { stderr?: string }).stderr || String(error);
  return /^.*(?:Error|failure|ERR!|error ).*$/im.exec(said)?.[0] ?? said.split("\n")[0] ?? said;
}

const run = promisify(execFile);

async function fetchFromPlaywright(): Promise<void> {
  const cli = resolve("node_modules/playwright-core/cli.js");
  await run(process.execPath, [cli, "install", "--only-shell", "chromium"], {
    env: { ...process.env, PLAYWRIGHT_BROWSERS_PATH: ownFolder },
    timeout: 180_000,
  });
}

async function fetchFromNpm(): Promise<void> {
  mkdirSync(packagedFolder, { recursive: true });
  const options = ["--ignore-scripts", "--no-save", "--no-audit", "--no-fund"];
  await run("npm", ["install", "--prefix", packagedFolder, ...options, packagedChromium], {
    timeout: 180_000,
  });
  // The package unpacks its browser into the folder for temporary files.
  const unpack = `const { default: chromium } = await import("@sparticuz/chromium"); await chromium.executablePath();`;
  await run(process.execPath, ["--input-type=module", "--eval", unpack], {
    cwd: packagedFolder,
    env: { ...process.env, TMPDIR: packagedFolder },
    timeout: 60_000,
  });
  rmSync(join(packagedFolder, "node_modules"), { recursive: true, force: true });
}
