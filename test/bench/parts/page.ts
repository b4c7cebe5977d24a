import { join } from "node:path";
import { multiplyCalls } from "../../browser/many-records.ts";
import { serve } from "../../browser/served.ts";
import { runCommand } from "../../flow/command.ts";
import type { Findings } from "../findings.ts";

const until = "2026-11-20T12:00:00Z";
const day = `since=2026-11-19T12:00Z&until=${until}`;
const week = `since=2026-11-12T12:00Z&until=${until}`;

/** What each view of the page asks, of a day and of all that is stored. */
const questions: Readonly<Record<string, string>> = {
  now: "page/now",
  "timeline, 8 days": `page/timeline?${week}`,
  "timeline by user, 8 days": `page/timeline?${week}&by=user_id`,
  "compare, a day with the days before": `page/compare?${day}`,
  "traces, a day": `page/traces?${day}`,
  "traces, 8 days": `page/traces?${week}`,
  "traces by longest loop, 8 days": `page/traces?${week}&sort=loop`,
  "unpriced, 8 days": `query?name=unpriced&${week}`,
  "trust, 8 days": `query?name=trust&${week}`,
  "explain, a day": `explain?${day}`,
};

const times = 7;

/** How long a receiver takes to answer what the page asks, over 1,000,000 records of eight days; by the clock. */
export async function pagePart(findings: Findings, folder: string): Promise<void> {
  const { code, stderr } = await runCommand(folder, ["demo", "--until", until, "--json"]);
  if (code !== 0) throw new Error(stderr);
  const db = "spancost-demo.duckdb";
  const records = await multiplyCalls(join(folder, db), 1_000_000);
  findings.tell("records", records, "");
  const served = await serve(folder, db);
  try {
    for (const [name, path] of Object.entries(questions)) {
      const millis: number[] = [];
      for (let run = 0; run < times; run += 1)
        millis.push(await timed(`${served.url}/api/${path}`));
      millis.sort((a, b) => a - b);
      findings.tell(name, millis[Math.floor(times / 2)] ?? 0, "ms, median");
    }
  } finally {
    await served.stop();
  }
}

async function timed(url: string): Promise<number> {
  const start = performance.now();
  const response = await fetch(url);
  await response.text();
  if (!response.ok) throw new Error(`${url} was answered ${response.status}`);
  return performance.now() - start;
}
