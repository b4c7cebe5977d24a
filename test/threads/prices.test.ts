import { expect, test } from "vitest";
import { booked, columns } from "./booked.ts";
import { type Attributes, emitter, type Sent } from "./spans.ts";

const anthropicSdk = emitter("com.anthropic.sdk.typescript 1.11.0", { kind: "client" });
const byHand = emitter("my-own-wrapper 1.0.0", { kind: "client" });

interface Call {
  readonly provider: string;
  readonly model: string;
  readonly answeredBy?: string;
  readonly input: number;
  readonly output: number;
  readonly more?: Attributes;
  readonly day?: string;
}

/** A call in the conventions' own words, each in a trace of its own. */
function call({ provider, model, answeredBy, input, output, more, day }: Call, trace = 1): Sent {
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    ...(answeredBy === undefined ? {} : { "gen_ai.response.model": answeredBy }),
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": output,
    ...more,
  };
  const when = day === undefined ? {} : { day };
  return byHand("1", [trace, trace + 90], `chat ${model}`, attributes, { trace, ...when });
}

/** A million tokens in and a million out cost the two rates. */
const millions = { input: 1_000_000, output: 1_000_000 };

test("every way to name a model on Bedrock has its price or says why not; none is lost (BerriAI/litellm#8514)", async () => {
  const sonnet = "anthropic.claude-sonnet-4-6";
  const account = "arn:aws:bedrock:us-east-1:123456789012";
  const names: readonly (readonly [string, string | null, string | null])[] = [
    [`global.${sonnet}`, "18.000000000000", null],
    [`us.${sonnet}`, "19.800000000000", null],
    [`eu.${sonnet}`, "19.800000000000", null],
    // In-region calls cost what a geography's profile costs (BerriAI/litellm#42679).
    [sonnet, "19.800000000000", null],
    [`bedrock/converse/us.${sonnet}`, "19.800000000000", null],
    [`${account}:inference-profile/us.${sonnet}`, "19.800000000000", null],
    [`${account}:application-inference-profile/abc123`, null, "unknown_model"],
  ];
  const { records } = await booked(
    ...names.map(([model], index) =>
      call({ provider: "aws.bedrock", model, ...millions }, index + 1),
    ),
  );
  expect(columns(records, "request_model", "cost_usd", "unpriced_reason")).toEqual(names);
});

test("cached Bedrock calls come to $770, not to the $26.74 of what no cache held (BerriAI/litellm#8514)", async () => {
  // The thread has the two sums and no tokens. These calls have both sums, to a thousandth.
  const one: Call = {
    provider: "aws.bedrock",
    model: "global.anthropic.claude-sonnet-4-6",
    input: 251 + 165_253 + 6_600,
    output: 128,
    more: {
      "gen_ai.usage.cache_read.input_tokens": 165_253,
      "gen_ai.usage.cache_write.input_tokens": 6_600,
    },
  };
  const calls = Array.from({ length: 10 }, (_, index) => call(one, index + 1));
  const { total, records } = await booked(
    ...calls,
    call({ ...one, input: 4, output: 0, more: {} }, 11),
  );
  // Of each 251 at $3 and 128 at $15, 165,253 read at $0.30 and 6,600 written at $3.75; and 4 at $3.
  const uncached = records.map(
    (record) => Number(record["input_cost_usd"]) + Number(record["output_cost_usd"]),
  );
  expect(uncached.reduce((sum, usd) => sum + usd)).toBeCloseTo(0.026742, 12);
  expect(total["cost_usd"]).toBe("0.770001000000");
});

test("a day of Vertex calls with one-hour caches comes to GCP's $1.10, not to $0.99 (BerriAI/litellm#27781)", async () => {
  const { records } = await booked(
    anthropicSdk(
      "1",
      [0, 900],
      "anthropic.messages.create",
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "gcp.vertex_ai",
        "gen_ai.request.model": "claude-sonnet-4-6",
        "gen_ai.usage.input_tokens": 20_000 + 489_000 + 48_889,
        "gen_ai.usage.output_tokens": 40_000,
        "gen_ai.usage.cache_read.input_tokens": 489_000,
        "gen_ai.usage.cache_write.input_tokens": 48_889,
        "anthropic.usage.cache_creation.ephemeral_5m_input_tokens": 0,
        "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 48_889,
      },
      { day: "2026-05-11" },
    ),
  );
  // The writes at $6 instead of $3.75: 11 cents of the day.
  expect(columns(records, "cache_write_cost_usd", "cost_usd")).toEqual([
    ["0.293334000000", "1.100034000000"],
  ]);
});

test.each([
  ["claude-sonnet-4-6", "12.000000000000"],
  ["claude-haiku-4-5", "4.000000000000"],
  ["claude-haiku-4-5@20251001", "4.000000000000"],
])(
  "%s on Vertex has a price for an hour in the cache (BerriAI/litellm#27781)",
  async (model, usd) => {
    const { records } = await booked(
      call({
        provider: "gcp.vertex_ai",
        model,
        input: 2_000_000,
        output: 0,
        more: {
          "gen_ai.usage.cache_write.input_tokens": 2_000_000,
          "gen_ai.usage.cache_read.input_tokens": 0,
          "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": 2_000_000,
        },
      }),
    );
    expect(columns(records, "cost_usd")).toEqual([[usd]]);
  },
);

test("long context and an hour in the cache are one price of their own, on both sides of the cliff (BerriAI/litellm#18988)", async () => {
  const writing = (input: number): Call => ({
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    input,
    output: 0,
    more: {
      "gen_ai.usage.cache_read.input_tokens": 0,
      "gen_ai.usage.cache_write.input_tokens": input,
      "anthropic.usage.cache_creation.ephemeral_1h_input_tokens": input,
    },
  });
  const { records } = await booked(call(writing(200_000), 1), call(writing(200_001), 2));
  // $6 per million, and $12 for the whole of a call that is one token longer.
  expect(columns(records, "cost_usd")).toEqual([["1.200000000000"], ["2.400012000000"]]);
});

test("long context costs the same on Bedrock, where the thread was opened (BerriAI/litellm#18988)", async () => {
  const model = "global.anthropic.claude-sonnet-4-5-20250929-v1:0";
  const { records } = await booked(
    call({ provider: "aws.bedrock", model, input: 300_000, output: 1_000 }),
  );
  // Bedrock's long-context rates of Claude Sonnet 4.5: $6 in, $22.50 out.
  expect(columns(records, "cost_usd")).toEqual([["1.822500000000"]]);
});

test("cache rates that are no multiple of the input's are read from the card (BerriAI/litellm#40360)", async () => {
  const { records } = await booked(
    call({
      provider: "anthropic",
      model: "claude-3-haiku-20240307",
      input: 2_000_000,
      output: 0,
      more: {
        "gen_ai.usage.cache_read.input_tokens": 1_000_000,
        "gen_ai.usage.cache_write.input_tokens": 1_000_000,
      },
    }),
  );
  // $0.03 and $0.30, where a tenth and five fourths of $0.25 would be $0.025 and $0.3125.
  expect(columns(records, "cache_read_cost_usd", "cache_write_cost_usd")).toEqual([
    ["0.030000000000", "0.300000000000"],
  ]);
});

test.each([
  ["global.anthropic.claude-sonnet-4-5-20250929-v1:0", "3.000000000000"],
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", "3.300000000000"],
  ["global.anthropic.claude-haiku-4-5-20251001-v1:0", "1.000000000000"],
  ["eu.anthropic.claude-haiku-4-5-20251001-v1:0", "1.100000000000"],
])("%s has the price of its own profile (BerriAI/litellm#26795)", async (model, usd) => {
  const calls = Array.from({ length: 10 }, (_, index) =>
    call({ provider: "aws.bedrock", model, input: 100_000, output: 0 }, index + 1),
  );
  const { total } = await booked(...calls);
  expect(total["cost_usd"]).toBe(usd);
});

test.each([
  ["flex", "gpt-5-mini", "0.001125000000", null],
  ["batch", "gpt-5-mini", "0.001125000000", null],
  ["priority", "gpt-5-mini", "0.004050000000", null],
  ["default", "gpt-5-mini", "0.002250000000", null],
  ["flex", "gpt-4o", null, "no_rate:service_tier=flex"],
  ["turbo", "gpt-5-mini", null, "no_rate:service_tier=turbo"],
])(
  "the tier %s of %s costs its own price or none, never the list's (pydantic/genai-prices#115)",
  async (tier, model, usd, reason) => {
    const more = { "openai.response.service_tier": tier };
    const { records } = await booked(
      call({ provider: "openai", model, input: 1_000, output: 1_000, more }),
    );
    // GPT-5 mini: $0.25 and $2 by list, half of it for flex and batch, $0.45 and $3.60 for priority.
    expect(columns(records, "service_tier", "cost_usd", "unpriced_reason")).toEqual([
      [tier, usd, reason],
    ]);
  },
);

test.each([
  ["a deployment of any name", "support-prod", "gpt-4o-mini-2024-07-18", "0.750000000000", null],
  ["a short name without its dot", "gpt-35-turbo", undefined, "2.000000000000", null],
  ["a deployment that nothing explains", "gpt4o-mini-eu", undefined, null, "unknown_model"],
  ["two names that nobody knows", "support-prod", "support-prod", null, "unknown_model"],
])(
  "%s on Azure is priced by what answered, or not at all (langchain-ai/langchain#24324)",
  async (_, model, answeredBy, usd, reason) => {
    const asked = { provider: "azure.ai.openai", model, ...millions };
    const { records } = await booked(
      call(answeredBy === undefined ? asked : { ...asked, answeredBy }),
    );
    expect(columns(records, "cost_usd", "unpriced_reason")).toEqual([[usd, reason]]);
  },
);

test("a token on a machine of one's own has no price, and its count is kept (opencost/opencost#3533)", async () => {
  const { records } = await booked(
    call({ provider: "vllm", model: "meta-llama/Llama-3.3-70B-Instruct", input: 900, output: 90 }),
  );
  expect(columns(records, "input_tokens", "output_tokens", "cost_usd", "unpriced_reason")).toEqual([
    [900, 90, null, "self_hosted"],
  ]);
});

test("a cost beyond what a record holds is unknown, not cut off, and spoils no sum", async () => {
  const most = 10 ** 12;
  const { records, total } = await booked(
    call({ provider: "openai", model: "gpt-5.5", input: most, output: 0 }, 1),
    call({ provider: "openai", model: "gpt-5.5", input: 1_000, output: 0 }, 2),
  );
  expect(columns(records, "input_tokens", "cost_usd", "unpriced_reason")).toEqual([
    [most, null, "out_of_range"],
    [1_000, "0.005000000000", null],
  ]);
  expect(total["cost_usd"]).toBe("0.005000000000");
});
