// node --conditions=spancost-source test/bench/soak.ts [--minutes 30 --rate 8000 -o docs/soak]: a receiver under a steady
// load, with questions asked meanwhile. Writes OUT.csv and OUT.svg. Linux only. Judges nothing.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { parseArgs } from "node:util";
import { Child } from "./child.ts";
import { quantile } from "./cpu.ts";
import { Serve } from "./serve.ts";
import { plotOf } from "./soak-plot.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "30" },
    rate: { type: "string", default: "8000" },
    out: { type: "string", short: "o", default: "soak" },
  },
});
const minutes = Number(values.minutes);
const rate = Number(values.rate);
const sampleMs = Math.max(1000, (minutes * 60_000) / 180);

const folder = mkdtempSync(join(tmpdir(), "spancost-soak-"));
const receiver = await Serve.start(join(folder, "soak.duckdb"));
const [sender] = await Child.start<number>("steady-sender", String(receiver.port), String(rate));

/** Milliseconds until the answer to one question. */
async function asked(path: string): Promise<number> {
  const begun = performance.now();
  const answer = await fetch(new URL(path, receiver.url));
  await answer.text();
  return answer.ok ? performance.now() - begun : Number.NaN;
}

const columns = [
  "minute",
  "spans a second",
  "CPU, % of a core",
  "memory, MB",
  "open files",
  "acknowledged, median ms",
  "acknowledged, 99 % ms",
  "top of an hour, ms",
  "spans not applied yet",
] as const;
const rows: number[][] = [];
const begun = performance.now();
let cpu = receiver.cpu();
let at = begun;
try {
  while (performance.now() - begun < minutes * 60_000) {
    await delay(sampleMs);
    const top = await asked("api/top?by=feature&since=1h");
    const { latencies, spans } = await sender.ask<{ latencies: number[]; spans: number }>();
    const now = performance.now();
    const used = receiver.cpu();
    const row = [
      (now - begun) / 60_000,
      (spans * 1000) / (now - at),
      (used - cpu) / (now - at) / 10,
      receiver.memory() / 1e6,
      receiver.openFiles(),
      quantile(latencies, 0.5),
      quantile(latencies, 0.99),
      top,
      await receiver.metric("spancost_journal_lag_spans"),
    ].map((value) => Math.round(value * 100) / 100);
    rows.push(row);
    console.log(columns.map((name, index) => `${name} ${row[index]}`).join(" · "));
    cpu = used;
    at = now;
  }
} finally {
  await sender.stop();
  await receiver.stop();
  rmSync(folder, { recursive: true, force: true });
}
writeFileSync(
  `${values.out}.csv`,
  `${[columns, ...rows].map((row) => row.map((cell) => (typeof cell === "string" ? `"${cell}"` : cell)).join(",")).join("\n")}\n`,
);
writeFileSync(`${values.out}.svg`, plotOf(columns, rows));
