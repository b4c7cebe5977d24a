import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { createPriceBook } from "@spancost/pricing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BudgetWatch } from "../../packages/cli/src/budgets/budget-watch.ts";
import { notifyUrl } from "../../packages/cli/src/budgets/notify.ts";
import { runCommand } from "./command.ts";
import { type Receiving, startReceiving } from "./receiving.ts";

/** Thursday. */
const noon = Date.UTC(2026, 10, 19, 12);
const hour = 3_600_000;

let folder: string;
let hook: Server;
let told: { readonly text: string; readonly state: string }[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spancost-check-"));
  const receiving = await startReceiving(join(folder, "costs.duckdb"));
  // Ten requests an hour for two days, of 400,000 tokens of gpt-5-mini each: 10 cents. One model has no price.
  for (let at = noon - 48 * hour; at < noon; at += hour) {
    const calls = Array.from({ length: 10 }, (_, nth) => call(at + nth * 60_000, "search"));
    await send(receiving, [...calls, call(at, "draft", "our-own-model")]);
  }
  await receiving.stop();
  hook = createServer(async (request, response) => {
    told.push(JSON.parse(await textOf(request)));
    response.end("ok");
  });
  await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
}, 60_000);

afterAll(() => {
  hook.close();
  rmSync(folder, { recursive: true, force: true });
});

function call(at: number, feature: string, model = "gpt-5-mini") {
  const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
  const number = (key: string, intValue: number) => ({ key, value: { intValue } });
  const id = (at + (feature === "draft" ? 1 : 0)).toString(16).padStart(16, "0");
  return {
    traceId: `${id}${id}`,
    spanId: id,
    name: `chat ${model}`,
    startTimeUnixNano: `${at}000000`,
    endTimeUnixNano: `${at + 100}000000`,
    attributes: [
      text("gen_ai.operation.name", "chat"),
      text("gen_ai.provider.name", "openai"),
      text("gen_ai.request.model", model),
      text("app.feature", feature),
      number("gen_ai.usage.input_tokens", 400_000),
      number("gen_ai.usage.output_tokens", 0),
    ],
  };
}

async function send(receiving: Receiving, spans: readonly object[]): Promise<void> {
  const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] });
  const answer = await receiving.post(body, { "Content-Type": "application/json" });
  expect(answer).toMatchObject({ status: 200 });
}

function check(budgets: string, ...args: readonly string[]) {
  writeFileSync(join(folder, "spancost.budgets.yaml"), budgets);
  const at = ["--db", "costs.duckdb", "--at", new Date(noon).toISOString()];
  return runCommand(folder, ["check", ...at, ...args]);
}

async function rowsOf(budgets: string) {
  const { stdout, code } = await check(budgets, "--json");
  return { code, rows: JSON.parse(stdout).rows };
}

const daily = (more: string) => `budgets: [{name: b, period: day, ${more}}]`;

test("a time that is still to come is no time at which all is well", async () => {
  const { code, stdout, stderr } = await check(daily("limit: 100"), "--at", "2126-03-01");
  expect([code, stdout]).toEqual([3, ""]);
  expect(stderr).toMatch(/--at 2126-03-01T00:00:00Z is in the future: it is \S+Z now\./);
});

describe("of a time of which nothing is stored", () => {
  const stored = "those that are stored began from 2026-11-17 12:00 to 2026-11-19 11:09 UTC.";

  test.each([
    ["before the first call", "2026-11-17T12:00:00Z", "that began before 2026-11-17 12:00 UTC"],
    [
      "a day after the last",
      "2026-11-20T12:00:00Z",
      "of the last 24 hours before 2026-11-20 12:00",
    ],
  ])("%s, nothing is ok, and nothing is $0.00", async (_, at, said) => {
    const { code, stdout, stderr } = await check(daily("limit: 100"), "--at", at);
    expect([code, stdout]).toEqual([3, ""]);
    expect(stderr).toContain(`No model call is stored ${said}`);
    expect(stderr).toContain(stored);
    const { stdout: json } = await check(daily("limit: 100"), "--at", at, "--json");
    expect(JSON.parse(json)).toMatchObject({ state: "unknown", rows: [], no_data: true });
  });

  test("a quiet night is none, and a month says what is known of it beside a day that is unknown", async () => {
    const night = await check(daily("limit: 100"), "--at", "2026-11-20T11:00:00Z", "--json");
    expect(JSON.parse(night.stdout).rows).toMatchObject([{ spent_usd: 0, state: "ok" }]);
    const month = "{name: m, period: month, limit: 48}";
    const both = `budgets: [{name: b, period: day, limit: 100}, ${month}]`;
    const { code, stdout } = await check(both, "--at", "2026-11-20T12:00:00Z", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      rows: [
        {
          spent_usd: null,
          share: null,
          burn_usd_per_hour: null,
          state: "unknown",
          sentence:
            "b: no call is stored from 2026-11-20 00:00 UTC on, so what it cost is unknown.",
        },
        { spent_usd: 48, burn_usd_per_hour: null, state: "breach" },
      ],
      warnings: [expect.stringContaining(stored)],
    });
    expect(code).toBe(4);
  });
});

describe("a budget", () => {
  test("is ok below its limit, with exact money and a forecast from the unit", async () => {
    const { code, rows } = await rowsOf(daily("limit: 100"));
    expect(code).toBe(0);
    expect(rows).toMatchObject([
      {
        budget: "b",
        since: "2026-11-19T00:00:00Z",
        until: "2026-11-20T00:00:00Z",
        spent_usd: 12,
        share: 0.12,
        requests: 132,
        unpriced_calls: 12,
        forecast_usd: 24,
        limit_at: null,
        state: "ok",
      },
    ]);
  });

  test("is breached once all of it is spent, which ends the command with 4", async () => {
    const { code, rows } = await rowsOf(daily("limit: 12"));
    expect({ code, state: rows[0].state }).toEqual({ code: 4, state: "breach" });
  });

  test("is alerted where it will not last, and says until when", async () => {
    const { code, rows } = await rowsOf(daily("limit: 18"));
    expect(rows[0]).toMatchObject({ state: "alert", limit_at: "2026-11-19T18:00:00Z" });
    expect(code).toBe(0);
    expect(await rowsOf(daily("limit: 18, forecast: breach"))).toMatchObject({ code: 4 });
    expect((await rowsOf(daily("limit: 18, forecast: off"))).rows[0].state).toBe("ok");
  });

  test("of a request is compared with what one costs", async () => {
    const where = "where: {feature: search}";
    expect((await rowsOf(daily(`${where}, limit_per_request: 0.1`))).rows[0]).toMatchObject({
      cost_per_request_usd: 0.1,
      state: "alert",
    });
    expect(await rowsOf(daily(`${where}, limit_per_request: 0.0999999`))).toMatchObject({
      code: 4,
    });
  });

  test("each value has its own, and what has no price is unknown and not free", async () => {
    const { rows } = await rowsOf(daily("each: feature, limit: 100"));
    expect(rows).toMatchObject([
      { value: "search", spent_usd: 12, unpriced_calls: 0, state: "ok" },
      { value: "draft", spent_usd: null, unpriced_calls: 12, share: null, state: "unknown" },
    ]);
  });
});

test("the table says in a sentence what is not well", async () => {
  const { stdout, code } = await check(daily("limit: 10"));
  expect(stdout).toMatch(/^breach +b +day +\$12\.00 +\$10\.00 +120/m);
  expect(stdout).toContain("breach: b: $12.00 of $10.00 (120.0 %) spent");
  expect(stdout).toContain("12 calls without a price are not in it.");
  expect(code).toBe(4);
});

test("--fail-on alert ends with 4 before the money is gone", async () => {
  const { code } = await check(daily("limit: 14"), "--fail-on", "alert");
  expect(code).toBe(4);
});

test("what is wrong with a file is told with its place", async () => {
  const { stderr, code } = await check(daily("limt: 14"));
  expect(stderr).toContain('spancost.budgets.yaml:1:34: unknown key "limt". Did you mean limit?');
  expect(code).toBe(1);
});

test("without a file it says how to write one", async () => {
  rmSync(join(folder, "spancost.budgets.yaml"), { force: true });
  const asked = ["check", "--db", "costs.duckdb", "--at", new Date(noon).toISOString()];
  const { stderr, code } = await runCommand(folder, asked);
  const [said = "", example = ""] = stderr.split("\n\n");
  expect(said).toMatch(/there are no budgets\. .* write spancost\.budgets\.yaml, such as$/);
  expect(code).toBe(2);
  expect(
    (await runCommand(folder, [...asked, "--budgets", "-"], { input: Buffer.from(example) }))
      .stdout,
  ).toContain("everything");
});

describe("a webhook", () => {
  test("is told of what is not well, as text and as data", async () => {
    told = [];
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`;
    expect(await check(daily("limit: 10"), "--notify", url)).toMatchObject({ code: 4 });
    expect(await check(daily("limit: 100"), "--notify", url)).toMatchObject({ code: 0 });
    expect(told).toMatchObject([{ state: "breach", rows: [{ budget: "b" }] }]);
    expect(told[0]?.text).toMatch(/^spancost: breach at 2026-11-19T12:00:00Z\nbreach: b: \$12\.00/);
  });

  test("that nobody answers is a failure that is told", async () => {
    const { stderr, code } = await check(daily("limit: 14"), "--notify", "http://127.0.0.1:1/key");
    expect(stderr).toContain("127.0.0.1:1 could not be notified");
    expect(stderr).not.toContain("/key");
    expect(code).toBe(1);
  });

  test("of a receiver is told once of each change", async () => {
    told = [];
    const receiving = await startReceiving(join(folder, "watched.duckdb"));
    let now = noon + 60_000;
    const watch = new BudgetWatch({
      store: receiving.store,
      prices: () => createPriceBook(),
      budgets: () => ({ text: daily("limit: 0.15, forecast: off"), fileName: "budgets.yaml" }),
      notifyUrl: notifyUrl(`http://127.0.0.1:${(hook.address() as AddressInfo).port}`),
      log: { info() {}, warn() {}, failure() {} },
      now: () => now,
      pause: () => 20,
    });
    await send(receiving, [call(noon, "search")]);
    await expect.poll(() => watch.last?.state, { timeout: 10_000 }).toBe("ok");
    await send(receiving, [call(noon + 1_000, "search")]);
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(1);
    now += 23 * hour;
    await expect.poll(() => told.length, { timeout: 10_000 }).toBe(2);
    watch.stop();
    await receiving.stop();
    expect(told.map(({ text }) => text.split("\n")[0])).toEqual([
      "spancost: breach at 2026-11-19T12:01:00Z",
      "spancost: all within budget again at 2026-11-20T11:01:00Z",
    ]);
  });
});
