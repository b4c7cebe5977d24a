import { join } from "node:path";
import { multiplyCalls } from "../../browser/many-records.ts";
import { runCommand } from "../../flow/command.ts";
import { quantile } from "../cpu.ts";
import type { Findings } from "../findings.ts";
import { Serve } from "../serve.ts";

const until = "2026-11-20T12:00:00Z";
const day = `since=2026-11-19T12:00Z&until=${until}`;
const week = `since=2026-11-12T12:00Z&until=${until}`;

/** What each view of the page asks, of a day and of all that is stored. */
const questions: Readonly<Record<string, string>> = {
  now: "page/now",
  "whether there is a spike": "page/spike",
  "timeline, 8 days": `page/timeline?${week}`,
  "timeline by user, 8 days": `page/timeline?${week}&by=user_id`,
  "compare, a day with the days before": `page/compare?${day}`,
  "compare users, a day with the days before": `page/compare?${day}&by=user_id`,
  "traces, a day": `page/traces?${day}`,
  "traces, 8 days": `page/traces?${week}`,
  "traces by longest loop, 8 days": `page/traces?${week}&sort=loop`,
  "unpriced, 8 days": `query?name=unpriced&${week}`,
  "trust, 8 days": `query?name=trust&${week}`,
  "explain, a day": `explain?${day}`,
};

const times = 7;

/**
 * What it takes a receiver to answer what the page asks, over 1,000,000 records of eight days: by the clock, which other
 * programs lengthen, and in CPU of all its threads, which they hardly do.
 */
export async function pagePart(findings: Findings, folder: string): Promise<void> {
  const { code, stderr } = await runCommand(folder, ["demo", "--until", until, "--json"]);
  if (code !== 0) throw new Error(stderr);
  const db = join(folder, "spancost-demo.duckdb");
  findings.tell("records", await multiplyCalls(db, 1_000_000), "");
  const serve = await Serve.start(db);
  try {
    for (const [name, path] of Object.entries(questions)) {
      const runs: { millis: number; cpuMillis: number }[] = [];
      for (let run = 0; run < times; run += 1) {
        const [start, cpu] = [performance.now(), serve.cpu()];
        await ask(new URL(`api/${path}`, serve.url));
        runs.push({ millis: performance.now() - start, cpuMillis: (serve.cpu() - cpu) / 1000 });
      }
      findings.tell(
        `page, ${name}, clock`,
        quantile(
          runs.map(({ millis }) => millis),
          0.5,
        ),
        "ms, median",
      );
      findings.tell(
        `page, ${name}, CPU`,
        quantile(
          runs.map(({ cpuMillis }) => cpuMillis),
          0.5,
        ),
        "ms, median",
      );
    }
  } finally {
    await serve.stop();
  }
}

async function ask(url: URL): Promise<void> {
  const response = await fetch(url);
  await response.text();
  if (!response.ok) throw new Error(`${url} was answered ${response.status}`);
}
