import { expect, test } from "vitest";
import type { Pipeline } from "../../packages/cli/src/wiring.ts";
import { openStore, sendTo } from "./booked.ts";
import { emitter, type Sent } from "./spans.ts";

const byHand = emitter("my-own-wrapper 1.0.0", { kind: "client" });

interface Call {
  readonly provider?: string;
  readonly model: string;
  readonly day: string;
}

/** Calls of a million tokens each way, one trace each. */
function calls(...told: readonly Call[]): readonly Sent[] {
  return told.map(({ provider = "openai", model, day }, index) =>
    byHand(
      "1",
      [index, index + 3_600],
      `chat ${model}`,
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": provider,
        "gen_ai.request.model": model,
        "gen_ai.usage.input_tokens": 1_000_000,
        "gen_ai.usage.output_tokens": 1_000_000,
      },
      { trace: index + 1, day },
    ),
  );
}

const everything = { since: undefined, until: undefined, contract: undefined };

/** Cost of each call in the order of `calls`, as booked or as a run found it. */
async function costs({ store }: Pipeline, run?: string): Promise<readonly unknown[]> {
  const { rows } = await store.readRows(
    "select cost_usd, unpriced_reason from cost_records order by trace_id",
    { pricing_run: run },
  );
  return rows.map((row) => row["cost_usd"] ?? row["unpriced_reason"]);
}

const ours = "acme-support-7b";

const contract = `
prices:
  - name: our own model
    model: ${ours}
    from: 2026-10-15
    rates: { input: 0.20, output: 0.80 }
`;

test("a price that is added later reaches old calls by a run, from its own first day on (langfuse/langfuse#12184)", async () => {
  const pipeline = await openStore();
  await sendTo(
    pipeline,
    ...calls({ model: ours, day: "2026-10-14T23:59:59Z" }, { model: ours, day: "2026-10-15" }),
  );
  const unknown = ["unknown_model", "unknown_model"];
  expect(await costs(pipeline)).toEqual(unknown);
  await pipeline.loadContract(contract, "contract.yaml");
  // What is booked stays as it is, and says so, until somebody asks for it to be priced anew.
  expect(await costs(pipeline)).toEqual(unknown);
  const { runId } = await pipeline.reprice(everything);
  expect((await costs(pipeline, String(runId)))[1]).toBe("1.000000000000");
  // The day before the price began has none: neither today's nor 0.
  expect((await costs(pipeline, String(runId)))[0]).toMatch(/^[a-z_]+/);
  expect(await costs(pipeline)).toEqual(unknown);
});

test("what comes after a price was added has it at once, and the run can be chosen for all (langfuse/langfuse-docs#2018)", async () => {
  const pipeline = await openStore();
  const both = calls({ model: ours, day: "2026-10-20" }, { model: ours, day: "2026-10-21" });
  await sendTo(pipeline, ...both.slice(0, 1));
  await pipeline.loadContract(contract, "contract.yaml");
  await sendTo(pipeline, ...both.slice(1));
  expect(await costs(pipeline)).toEqual(["unknown_model", "1.000000000000"]);
  const { runId } = await pipeline.reprice(everything);
  expect(await pipeline.choosePricingRun(runId)).toBe(true);
  expect(await costs(pipeline)).toEqual(["1.000000000000", "1.000000000000"]);
  expect(await costs(pipeline, "0")).toEqual(["unknown_model", "1.000000000000"]);
});

test("a run over one month leaves the closed one before it alone (ccusage/ccusage#1636)", async () => {
  const pipeline = await openStore();
  const list = "2.250000000000";
  await sendTo(
    pipeline,
    ...calls(
      { model: "gpt-5-mini", day: "2026-09-30" },
      { model: "gpt-5-mini", day: "2026-10-01" },
    ),
  );
  expect(await costs(pipeline)).toEqual([list, list]);
  await pipeline.loadContract("prices: [{provider: openai, discount: 12%}]", "contract.yaml");
  const { runId } = await pipeline.reprice({ ...everything, since: "2026-10-01T00:00:00Z" });
  expect(await costs(pipeline, String(runId))).toEqual([list, "1.980000000000"]);
});

test("a deployment's name gets its model's price once somebody says what it is (langchain-ai/langchain#24324)", async () => {
  const pipeline = await openStore();
  const azure = { provider: "azure.ai.openai", model: "gpt4o-mini-eu", day: "2026-11-01" };
  await sendTo(pipeline, ...calls(azure));
  expect(await costs(pipeline)).toEqual(["unknown_model"]);
  await pipeline.loadContract(
    "aliases: [{provider: azure, model: gpt4o-mini-eu, is: gpt-4o-mini}]",
    "contract.yaml",
  );
  const { runId } = await pipeline.reprice(everything);
  expect(await costs(pipeline, String(runId))).toEqual(["0.750000000000"]);
});

test("a call on a machine of one's own costs its share of the hour, once the hour has a price (opencost/opencost#3533)", async () => {
  const pipeline = await openStore();
  await pipeline.loadContract(
    "prices: [{provider: vllm, gpu_hour: {usd: 4, gpus: 2, calls_at_once: 8}}]",
    "contract.yaml",
  );
  await sendTo(pipeline, ...calls({ provider: "vllm", model: "llama-3.3-70b", day: "2026-11-01" }));
  // 3.6 s of two GPUs at $4 an hour, shared by eight: a thousandth of a dollar.
  expect(await costs(pipeline)).toEqual(["0.001000000000"]);
});

test("a discount is off the price of the profile that was called, to the last digit (BerriAI/litellm#26795)", async () => {
  const pipeline = await openStore();
  await pipeline.loadContract("prices: [{provider: aws.bedrock, discount: 7%}]", "contract.yaml");
  const bedrock = { provider: "aws.bedrock", day: "2026-11-01" };
  await sendTo(
    pipeline,
    ...calls(
      { ...bedrock, model: "global.anthropic.claude-sonnet-4-6" },
      { ...bedrock, model: "us.anthropic.claude-sonnet-4-6" },
    ),
  );
  // $18 and $19.80 less 7 %.
  expect(await costs(pipeline)).toEqual(["16.740000000000", "18.414000000000"]);
});
