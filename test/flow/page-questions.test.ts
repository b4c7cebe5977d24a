import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPriceBook } from "@spancost/pricing";
import { Store } from "@spancost/store";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readingCommands } from "../../packages/cli/src/commands/reading-commands.ts";
import { toJson } from "../../packages/cli/src/envelope/write-json.ts";
import { Texts } from "../../packages/cli/src/flags/texts.ts";
import { pageQuestions } from "../../packages/cli/src/web-api/page/questions.ts";
import { runCommand } from "./command.ts";

const until = "2026-11-20T12:00:00Z";
const window = { since: "2026-11-20T03:00Z", until };

let folder: string;
let store: Store;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-page-"));
  const { code, stderr } = await runCommand(folder, ["demo", "--until", until, "--json"]);
  if (code !== 0) throw new Error(stderr);
  store = await Store.open(join(folder, "spancost-demo.duckdb"));
}, 120_000);
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What is answered, as the page reads it. Doubles are near enough here: the sums are of a few dollars. */
async function ask(name: string, params: Record<string, string>, now = Date.parse(until)) {
  const question = [...readingCommands, ...pageQuestions].find((one) => one.name === name);
  if (!question) throw new Error(`there is no question ${name}`);
  const texts = new Texts(Object.entries(params).map(([key, value]) => [key, [value]]));
  const world = { reader: store.reader(), prices: createPriceBook() };
  return JSON.parse(toJson(await question.prepare(texts, now)(world)));
}

const sum = (rows: readonly Record<string, unknown>[], column: string) =>
  rows.reduce((all, row) => all + Number(row[column] ?? 0), 0);

test.each(["feature", "user_id", "retry_count", "tag:customer"])(
  "the timeline by %s holds every call of the window once, and its cost",
  async (by) => {
    const { total } = await ask("top", window);
    const { rows, values, step_ms } = await ask("timeline", { ...window, by });
    expect(sum(rows, "cost_usd")).toBeCloseTo(total.cost_usd, 9);
    expect([sum(rows, "calls"), sum(rows, "unpriced_calls")]).toEqual([
      total.calls,
      total.unpriced_calls,
    ]);
    expect(values.length).toBeLessThanOrEqual(8);
    expect(step_ms).toBe(5 * 60_000);
  },
);

test("the timeline knows the release that came with the incident", async () => {
  const { releases } = await ask("timeline", window);
  const names = releases.map(({ release }: { release: string }) => release);
  expect(names).toEqual(["2026.11.20-3"]);
});

test("a dimension is compared with the baseline that explain takes, and its values sum to both costs", async () => {
  const { cost_usd, baseline_cost_usd, baseline_periods } = await ask("explain", window);
  const compared = await ask("compare", { ...window, by: "agent_depth,service" });
  expect(compared.baseline_periods).toBe(baseline_periods);
  const depths = compared.rows.filter(
    (row: { dimension: string }) => row.dimension === "agent_depth",
  );
  expect(depths).toHaveLength(3);
  expect(sum(depths, "cost_usd")).toBeCloseTo(cost_usd, 9);
  expect(sum(depths, "baseline_cost_usd")).toBeCloseTo(baseline_cost_usd, 6);
});

test("the change of calls whose cost nobody knows is unknown", async () => {
  const { rows } = await ask("compare", { ...window, by: "service" });
  const unknown = rows.find((row: { value: string }) => row.value === "community-api");
  expect(unknown).toMatchObject({ cost_usd: null, delta_usd: null });
  expect(unknown.calls).toBe(unknown.unpriced_calls);
});

test("without a usable baseline nothing is compared: what is usual is unknown, and not 0", async () => {
  const wide = { since: "2026-11-15T00:00Z", until };
  const { baseline, baseline_cost_usd, delta_usd, bridge, releases, cost_usd, spend } = await ask(
    "explain",
    wide,
  );
  expect({ baseline, baseline_cost_usd, delta_usd, bridge, releases }).toEqual({
    baseline: null,
    baseline_cost_usd: null,
    delta_usd: null,
    bridge: [],
    releases: [],
  });
  expect(sum(spend, "cost_usd")).toBeCloseTo(cost_usd, 9);
  const { rows } = await ask("compare", { ...wide, by: "service" });
  expect(rows.length).toBeGreaterThan(2);
  for (const row of rows) expect(row).toMatchObject({ baseline_cost_usd: null, delta_usd: null });
  expect(rows[0].cost_usd).toBeGreaterThan(rows[1].cost_usd);
  const report = await ask("report", wide);
  expect([report.usual_totals, report.runaway_runs]).toEqual([null, null]);
  for (const { baseline_cost_usd: usual } of report.waste) expect(usual).toBeNull();
});

test("a Friday is compared with working days, and says so", async () => {
  expect(await ask("explain", window)).toMatchObject({ baseline_day_kind: "working" });
  const before = { ...window, baseline: "prev-7d" };
  expect(await ask("explain", before)).toMatchObject({ baseline_day_kind: null });
});

test("the pages of traces hold each trace once, in order, with all its cost", async () => {
  const { total } = await ask("top", window);
  const pages = [];
  for (let offset = 0; offset < 700; offset += 200) {
    pages.push(await ask("traces", { ...window, limit: "200", offset: String(offset) }));
  }
  const rows = pages.flatMap((page) => page.rows);
  expect(new Set(rows.map(({ trace_id: id }) => id)).size).toBe(rows.length);
  expect([rows.length, pages[0].traces]).toEqual([total.requests, total.requests]);
  expect(sum(rows, "cost_usd")).toBeCloseTo(total.cost_usd, 9);
  const costs = rows.map(({ cost_usd: cost }) => cost ?? Number.NEGATIVE_INFINITY);
  expect(costs).toEqual(costs.toSorted((a, b) => b - a));
});

test("now is as of the last call where that is long ago, and says so", async () => {
  const later = await ask("now", {}, Date.parse("2026-11-21T09:00:00Z"));
  expect([later.live, later.window.until]).toEqual([false, "2026-11-20T11:55:00Z"]);
  const live = await ask("now", {});
  expect([live.live, live.window.until]).toEqual([true, "2026-11-20T12:01:00Z"]);
  const day = await ask("top", { since: "2026-11-20", until: "2026-11-20T12:01Z" });
  expect(live.today.cost_usd).toBe(day.total.cost_usd);
  const hour = await ask("top", { since: "2026-11-20T11:01Z", until: "2026-11-20T12:01Z" });
  expect(live.hour.cost_usd).toBe(hour.total.cost_usd);
  expect([live.hours.length, live.hour.usual_days]).toEqual([24, 7]);
  const before = await ask("top", { since: "2026-11-19T11:01Z", until: "2026-11-19T12:01Z" });
  expect(live.hour.usual_low_usd).toBeLessThanOrEqual(before.total.cost_usd);
  expect(live.hour.usual_high_usd).toBeGreaterThanOrEqual(before.total.cost_usd);
});

test("now lists the features that cost most in 24 hours, also where they cost nothing in the last of them", async () => {
  const quiet = await ask("now", {}, Date.parse("2026-11-21T09:00:00Z"));
  const { rows } = await ask("top", { since: quiet.window.since, until: quiet.window.until });
  const names = (of: readonly { feature: string | null }[]) => of.map(({ feature }) => feature);
  expect(names(quiet.rows)).toEqual(names(rows.slice(0, 8)));
  expect(quiet.rows[0]).toMatchObject({ feature: "support-agent", features: rows.length });
});

test("a spike is told by check over the time that explain finds, where it shows most, and without a limit", async () => {
  const budgets =
    "budgets: [{name: all, period: day, limit: 1000}]\nspikes: {at_least: 5, state: alert}";
  const { detection } = await ask("explain", {});
  const { since, until: end, feature } = detection;
  const { rows } = await ask("check", { "budgets-text": budgets, at: end });
  const { total } = await ask("top", { since, until: end, where: `feature=${feature}` });
  const spike = rows.find(({ budget }: { budget: string }) => budget === "spikes");
  expect(spike).toMatchObject({
    since,
    until: end,
    where: { feature },
    limit_usd: null,
    share: null,
  });
  expect(spike.spent_usd).toBeCloseTo(total.cost_usd, 3);
  expect(spike.spent_usd / spike.usual_usd).toBeCloseTo(detection.times_usual, 3);
  expect(spike.at_least_usd).toBe(5);
  expect(spike.sentence).toContain("more (told of from $5.00 on)");
  const [, told] =
    /(shows most in feature \S+: .+ the median of such hours \(\S+\))/.exec(detection.sentence) ??
    [];
  expect(told).toContain(`shows most in feature ${feature}: `);
  expect(spike.sentence).toContain(told);
});

test("check says of a budget that its filter fits no call, and is silent where calls only are not there yet", async () => {
  const budgets = `budgets:
    - {name: mistyped, where: {feature: suport-agent}, period: day, limit: 100}
    - {name: not yet, where: {feature: support-agent}, period: day, limit: 100}`;
  const later = Date.parse("2026-11-21T09:00Z");
  const { warnings } = await ask("check", { "budgets-text": budgets }, later);
  expect(warnings).toEqual([
    "mistyped: no call that is stored has feature=suport-agent, so that nothing is counted. " +
      "What there is: spancost top --by feature",
  ]);
});

test("the spike is the one that explain finds when nobody names a window", async () => {
  const spike = await ask("spike", {});
  const { detection, window: explained } = await ask("explain", {});
  expect([spike.detection, spike.window]).toEqual([detection, explained]);
  expect(detection.found).toBe(true);
});
