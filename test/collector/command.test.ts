import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { runCommand } from "../flow/command.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "spancost-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function ask(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand(folder, args);
  if (code !== 0) throw new Error(`${code}: ${stderr}`);
  return stdout;
}

interface Row {
  readonly provider: string;
  readonly model: string;
  readonly tier?: string;
  readonly input_usd?: number;
  readonly output_usd?: number;
  readonly reason: string | null;
}

async function rowsOf(...args: readonly string[]): Promise<readonly Row[]> {
  return (JSON.parse(await ask("collector-config", "--json", ...args)) as { rows: Row[] }).rows;
}

test("the models of a database, at the prices of its contract", async () => {
  const db = join(folder, "costs.duckdb");
  writeFileSync(
    join(folder, "prices.yaml"),
    "prices:\n  - {provider: openai, model: gpt-5-mini*, rates: {input: 0.2, output: 1.5}}\n",
  );
  await ask("prices", "load", "prices.yaml", "--db", db);
  const capture = resolve("test/captures/otel-openai/responses.traces.otlp.json");
  await ask("ingest", "--db", db, capture);

  const rows = await rowsOf("--db", db);
  const standard = rows.filter(({ tier }) => tier === "standard");
  expect(standard.map(({ model }) => model)).toContain("gpt-5-mini");
  for (const row of standard) {
    expect(row).toMatchObject({ provider: "openai", input_usd: 0.2, output_usd: 1.5 });
  }
  const text = await ask("collector-config", "--db", db);
  expect(text).toMatch(/^# Prices: genai-prices@\S+, contract@[0-9a-f]{12};/m);
});

test("a list of models, and what of it has no price", async () => {
  const rows = await rowsOf("--model", "openai/gpt-5-mini", "--model", "openai/nobody-sells-this");
  expect(rows.find(({ tier }) => tier === "standard")).toMatchObject({
    model: "gpt-5-mini",
    input_usd: 0.25,
  });
  expect(rows.at(-1)).toMatchObject({ model: "nobody-sells-this", reason: "unknown_model" });
  const text = await ask("collector-config", "--model", "openai/nobody-sells-this");
  expect(text).toContain("#       openai/nobody-sells-this: unknown_model");
});

test("the text is one processor and nothing else, whatever a model is called", async () => {
  const names = [
    'openai/it\'s "quoted"',
    "openai/a\\b",
    `openai/${"{env:HOME}"}`,
    "openai/gpt-5-mini",
  ];
  const text = await ask("collector-config", ...names.flatMap((name) => ["--model", name]));
  const config = parse(text) as { processors: Record<string, { trace_statements: unknown[] }> };
  expect(Object.keys(config)).toEqual(["processors"]);
  expect(Object.keys(config.processors)).toEqual(["transform/spancost_cost"]);
});

test("a --model that is none is refused with what one looks like", async () => {
  const { code, stderr } = await runCommand(folder, ["collector-config", "--model", "openai/"]);
  expect([code, stderr]).toEqual([
    2,
    expect.stringContaining(
      '--model is a provider and a model, such as openai/gpt-5-mini, not "openai/".',
    ),
  ]);
});
