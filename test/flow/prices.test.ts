import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { encodeRequest } from "@spancost/receiver";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Attributes, emitter, requestOf, type Sent } from "../threads/spans.ts";
import { commandFromSource, plainEnvironment, runCommand } from "./command.ts";

let folder: string;
let receiver: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-prices-"));
});

afterEach(() => {
  receiver?.kill("SIGKILL");
  receiver = undefined;
  rmSync(folder, { recursive: true, force: true });
});

const service = emitter("@opentelemetry/instrumentation-openai 0.22.0", { kind: "client" });

function chat(model: string, input: number, output: number, more: Attributes = {}): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": model,
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.cache_read.input_tokens": 0,
    "gen_ai.usage.output_tokens": output,
    ...more,
  };
}

/** Runs a command that should succeed. @returns its answer */
async function ask(...args: readonly string[]) {
  const { code, stdout, stderr } = await runCommand(folder, [...args, "--json"]);
  expect([code, stderr]).toEqual([0, stderr.replace(/^spancost:/m, "no error")]);
  return JSON.parse(stdout);
}

async function load(contract: string) {
  writeFileSync(join(folder, "prices.yaml"), contract);
  return ask("prices", "load", "prices.yaml");
}

async function ingest(sent: readonly Sent[]) {
  writeFileSync(join(folder, "spans.pb"), encodeRequest(requestOf(sent)));
  return ask("ingest", "spans.pb");
}

const perMillion = (model: string, input: number, output: number) =>
  `  - {provider: openai, model: ${model}, rates: {input: ${input}, output: ${output}}}\n`;

test("what is in a file is told with every rate, those of larger inputs too", async () => {
  const large = "{input: {rate: 2.20, above: {272000: 4.40}}, output: 13}";
  const line = `  - {provider: azure, model: gpt-5.4, rates: ${large}}`;
  writeFileSync(join(folder, "prices.yaml"), `prices:\n${line}\n`);
  const { rows } = await ask("prices", "load", "--check", "prices.yaml");
  expect(rows).toMatchObject([
    { price: "input $2.2 ($4.4 above 272,000 input tokens), output $13" },
  ]);
});

test("11,000 tokens in and 4,000 out at $0.008 and $0.024 per 1,000 are $0.184", async () => {
  await load(`prices:\n${perMillion("house-model", 8, 24)}`);
  await ingest([service("1", [0, 900], "chat", chat("house-model", 11_000, 4_000))]);
  // 11 x $0.008 = $0.088; 4 x $0.024 = $0.096.
  const { rows } = await ask("top", "--by", "model");
  expect(rows).toMatchObject([{ model: "house-model", cost_usd: 0.184 }]);
});

test("200 documents cost $9.00 on one large model and $4.20 on a small one before it, told by document and by step", async () => {
  await load(`prices:\n${perMillion("large", 3, 15)}${perMillion("small", 0.4, 2)}`);
  const step = (name: string, feature: string): Attributes => ({
    "gen_ai.prompt.name": name,
    "app.feature": feature,
  });
  await ingest(
    Array.from({ length: 200 }, (_, index) => index + 1).flatMap((nth) => [
      service("1", [0, 900], "chat", chat("large", 10_000, 1_000, step("summarise", "one-model")), {
        trace: nth,
      }),
      service("2", [0, 400], "chat", chat("small", 10_000, 1_000, step("extract", "chained")), {
        trace: 1_000 + nth,
      }),
      service("3", [401, 900], "chat", chat("large", 1_000, 800, step("write", "chained")), {
        trace: 1_000 + nth,
      }),
    ]),
  );
  // 10,000 x $3 + 1,000 x $15 = $0.045; 10,000 x $0.40 + 1,000 x $2 = $0.006 and 1,000 x $3 + 800 x $15 = $0.015.
  const { rows } = await ask("top");
  expect(rows).toMatchObject([
    { feature: "one-model", cost_usd: 9, requests: 200 },
    { feature: "chained", cost_usd: 4.2, requests: 200 },
  ]);
  const steps = await ask("query", "cost-per-request-by-step");
  expect(steps.rows).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ step: "extract", cost_usd: 1.2 }),
      expect.objectContaining({ step: "write", cost_usd: 3 }),
      expect.objectContaining({ step: "summarise", cost_usd: 9 }),
    ]),
  );
});

test("3,000 in and 400 out at $3 and $15 are $0.015 a request, 40 requests $0.60 a user", async () => {
  await load(`prices:\n${perMillion("assistant", 3, 15)}`);
  const users = 10;
  await ingest(
    Array.from({ length: users * 40 }, (_, index) =>
      service(
        "1",
        [0, 900],
        "chat",
        chat("assistant", 3_000, 400, { "user.id": `user-${index % users}` }),
        { trace: index + 1 },
      ),
    ),
  );
  const { rows } = await ask("query", "cost-per-user");
  expect(rows[0]).toMatchObject({
    value: "(total)",
    users,
    requests_per_user: 40,
    mean_cost_per_request_usd: 0.015,
    mean_cost_per_user_usd: 0.6,
    cost_usd: 6,
  });
  // 10,000 such users are $6,000: a thousand times these ten.
  expect((await ask("top")).total).toMatchObject({ cost_usd: 6, cost_per_call_usd: 0.015 });
});

test("a discount that starts mid-month holds from its instant on, and a re-pricing changes nothing of what was booked", async () => {
  const call = chat("gpt-5-mini", 1_000_000, 0);
  await ingest([
    service("1", [0, 900], "chat", call, { trace: 1, day: "2026-11-14T23:59:59Z" }),
    service("1", [0, 900], "chat", call, { trace: 2, day: "2026-11-15T00:00:00Z" }),
  ]);
  await load("prices:\n  - {name: Agreement, provider: openai, from: 2026-11-15, discount: 12%}\n");
  const run = await ask("prices", "reprice");
  expect(run).toMatchObject({ schema: "spancost/prices-reprice@1", run: 1, spans: 2 });
  // A million tokens at $0.25, less 12 %.
  expect(run.rows).toMatchObject([
    { day: "2026-11-15", booked_cost_usd: 0.25, cost_usd: 0.22, delta_usd: -0.03 },
  ]);
  expect((await ask("top")).total.cost_usd).toBe(0.5);
  const asOf = await ask("top", "--run", "1");
  expect([asOf.total.cost_usd, asOf.pricing_run]).toEqual([0.47, 1]);
  await ask("prices", "use", "1");
  expect((await ask("top")).total.cost_usd).toBe(0.47);
  await ask("prices", "use", "booked");
  expect((await ask("top")).total.cost_usd).toBe(0.5);
  expect((await ask("prices", "runs")).rows).toMatchObject([
    { run_id: 0, read_by_default: true, cost_usd: 0.5 },
    { run_id: 1, read_by_default: false, cost_usd: 0.47 },
  ]);
});

test("what has no price is listed by its tokens, until a contract gives it one", async () => {
  await ingest([
    service("1", [0, 900], "chat", chat("house-model", 5_000, 100), { trace: 1 }),
    service("1", [0, 900], "chat", chat("other-model", 70_000, 100), { trace: 2 }),
  ]);
  const { rows } = await ask("prices", "unpriced");
  expect(rows).toMatchObject([
    { model: "other-model", unpriced_reason: "unknown_model", tokens_at_risk: 70_100 },
    { model: "house-model", unpriced_reason: "unknown_model", tokens_at_risk: 5_100 },
  ]);
  await load(`prices:\n${perMillion("house-model", 8, 24)}`);
  const run = await ask("prices", "reprice");
  expect(run.total).toMatchObject({ newly_priced_calls: 1, unpriced_calls: 1, delta_usd: 0.0424 });
  const left = await ask("prices", "unpriced", "--run", "1");
  expect(left.rows).toMatchObject([{ model: "other-model" }]);
});

test("a file with mistakes names them all with their lines, and loads nothing", async () => {
  const text = "prices:\n  - provider: openai\n    discont: 12%\n  - {rates: {input: -3}}\n";
  writeFileSync(join(folder, "prices.yaml"), text);
  const { code, stdout, stderr } = await runCommand(folder, ["prices", "load", "prices.yaml"]);
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain('prices.yaml:3:5: unknown key "discont". Did you mean discount?');
  expect(stderr).toMatch(/prices\.yaml:4:\d+: .*"-3" is negative/);
  expect((await ask("prices", "show", "gpt-5-mini")).source).toMatch(/^genai-prices@/);
});

test("where there is no database one is made, which is said: it may be another folder's that was meant", async () => {
  writeFileSync(join(folder, "prices.yaml"), "prices: []\n");
  const args = ["prices", "load", "prices.yaml", "--db", "another.duckdb"];
  const { stdout, stderr } = await runCommand(folder, args);
  expect(stderr).toBe("There was no database another.duckdb: it is made.\n");
  expect(stdout).toMatch(/spancost prices reprice --db another\.duckdb\n$/);
  expect((await runCommand(folder, args)).stderr).toBe("");
});

test("a running receiver takes a contract, prices by it at once, and re-prices", async () => {
  const args = ["serve", "--http-port", "0", "--web-port", "0"];
  const child = spawn(process.execPath, [...commandFromSource, ...args], {
    cwd: folder,
    env: plainEnvironment as NodeJS.ProcessEnv,
    stdio: ["ignore", "pipe", "ignore"],
  });
  receiver = child;
  let stdout = "";
  const otlpUrl = await new Promise<string>((settle) => {
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      const url = /ENDPOINT=(\S+)\n[\s\S]*PROTOCOL/.exec(stdout)?.[1];
      if (url !== undefined) settle(url);
    });
  });
  const send = async (trace: number) => {
    const response = await fetch(`${otlpUrl}/v1/traces`, {
      method: "POST",
      headers: { "Content-Type": "application/x-protobuf" },
      body: encodeRequest(
        requestOf([service("1", [0, 9], "chat", chat("house-model", 1_000_000, 0), { trace })]),
      ),
    });
    expect(response.status).toBe(200);
  };
  await send(1);
  await load(`prices:\n${perMillion("house-model", 8, 24)}`);
  await send(2);
  expect((await ask("top")).total).toMatchObject({ calls: 2, unpriced_calls: 1, cost_usd: 8 });
  expect((await ask("prices", "reprice")).total).toMatchObject({ cost_usd: 16 });
  expect((await ask("top", "--run", "1")).total).toMatchObject({ cost_usd: 16 });
});
