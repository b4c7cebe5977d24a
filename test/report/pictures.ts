// Makes the pictures of docs/report.md again: the demo's report, as a browser shows it.
//
//     node --conditions=spancost-source test/report/pictures.ts
//
// It needs Chromium on PATH (or CHROMIUM=/path/to/it) and says so where there is none.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import { promisify } from "node:util";
import { runCommand } from "../flow/command.ts";

const run = promisify(execFile);

/** The same week each time. */
const until = "2026-11-20T12:00:00Z";

const pictures = [
  { file: "report-wide-light.png", width: 1440, height: 1240, scheme: "light" },
  { file: "report-wide-dark.png", width: 1440, height: 1240, scheme: "dark" },
  { file: "report-narrow-light.png", width: 390, height: 1480, scheme: "light" },
  { file: "report-narrow-dark.png", width: 390, height: 1480, scheme: "dark" },
] as const;

const mostBytes = 300_000;

const chromium = chromiumPath();
if (chromium === undefined) {
  console.error(
    "No pictures were made: there is no chromium on PATH. Name one with CHROMIUM=/path/to/it.",
  );
  process.exitCode = 1;
} else {
  const folder = mkdtempSync(join(tmpdir(), "spancost-pictures-"));
  try {
    await makeReport(folder);
    for (const picture of pictures) await takePicture(chromium, folder, picture);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeReport(folder: string): Promise<void> {
  for (const args of [
    ["demo", "--until", until, "--json"],
    ["report", "--db", "spancost-demo.duckdb", "-o", "report.html"],
  ]) {
    const { code, stderr } = await runCommand(folder, args);
    if (code !== 0) throw new Error(`spancost ${args.join(" ")} ended with ${code}: ${stderr}`);
  }
}

async function takePicture(
  browser: string,
  folder: string,
  { file, width, height, scheme }: (typeof pictures)[number],
): Promise<void> {
  // A window of a browser cannot be as narrow as a phone: the page stands in a frame that is.
  const frame = join(folder, "frame.html");
  writeFileSync(
    frame,
    `<!doctype html><style>body{margin:0}iframe{border:0;display:block}</style>` +
      `<iframe src="report.html" width="${width}" height="${height}"></iframe>`,
  );
  const out = resolve("docs", file);
  await run(browser, [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--hide-scrollbars",
    `--blink-settings=preferredColorScheme=${scheme === "dark" ? 0 : 1}`,
    `--user-data-dir=${join(folder, "profile")}`,
    `--window-size=${width},${height}`,
    `--screenshot=${out}`,
    `file://${frame}`,
  ]);
  const bytes = statSync(out).size;
  if (bytes > mostBytes) throw new Error(`docs/${file} has ${bytes} bytes, more than ${mostBytes}`);
  console.log(`docs/${file}: ${bytes} bytes`);
}

function chromiumPath(): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const names = ["chromium", "chromium-browser", "google-chrome"];
  const all = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env["CHROMIUM"] ?? "", ...all].find((path) => path !== "" && existsSync(path));
}
