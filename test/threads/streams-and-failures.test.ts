import { expect, test } from "vitest";
import { booked, columns, openStore, read, sendTo } from "./booked.ts";
import { type Attributes, emitter, post, type Sent, web } from "./spans.ts";

const openAi = emitter("@opentelemetry/instrumentation-openai 0.22.0", { kind: "client" });
const anthropicSdk = emitter("com.anthropic.sdk.typescript 1.11.0", { kind: "client" });
const aiSdk5 = emitter("ai");
const claudeCode = emitter("com.anthropic.claude_code.tracing 1.0.0", { service: "claude-code" });

const chat: Attributes = {
  "gen_ai.operation.name": "chat",
  "gen_ai.system": "openai",
  "gen_ai.request.model": "gpt-5-mini",
};

const used: Attributes = {
  ...chat,
  "gen_ai.usage.input_tokens": 1_000,
  "gen_ai.usage.output_tokens": 100,
};

// 1,000 at $0.25 and 100 at $2.
const cost = "0.000450000000";

test("an answer that broke off in the middle is billed for what was counted (BerriAI/litellm#37365)", async () => {
  const { records } = await booked(
    anthropicSdk(
      "1",
      [0, 900],
      "anthropic.messages.create",
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-4-5",
        "gen_ai.usage.input_tokens": 2_000,
        "gen_ai.usage.cache_read.input_tokens": 0,
        "gen_ai.usage.cache_write.input_tokens": 0,
        "http.response.status_code": 200,
        "error.type": "APIConnectionError",
      },
      { failed: true },
    ),
  );
  expect(records).toMatchObject([
    {
      status: "error",
      usage_quality: "partial",
      output_tokens: null,
      output_cost_usd: null,
      cost_usd: "0.006000000000",
    },
  ]);
});

test("a 429 is free: it is an attempt, and no record (langfuse/langfuse#9038)", async () => {
  const { total, roles } = await booked(
    openAi("1", [0, 90], "chat gpt-5-mini", { ...chat, "error.type": "429" }, { failed: true }),
    post("2<1", [1, 80], 429),
  );
  expect(total).toMatchObject({ calls: 0, cost_usd: null });
  expect(roles).toEqual({ 1: "other", 2: "http" });
});

test("a 429 that an emitter books with 0 tokens is free and an attempt all the same (langfuse/langfuse#9038)", async () => {
  const zeros = { "gen_ai.usage.input_tokens": 0, "gen_ai.usage.output_tokens": 0 };
  const { records } = await booked(
    web("1", [0, 300], "POST /reply", {}),
    openAi(
      "2<1",
      [1, 90],
      "chat gpt-5-mini",
      { ...chat, ...zeros, "error.type": "429" },
      {
        failed: true,
      },
    ),
    openAi("3<1", [100, 290], "chat gpt-5-mini", used),
  );
  expect(columns(records, "span", "retry_count", "retry_evidence", "cost_usd")).toEqual([
    ["3", 1, "sibling", cost],
  ]);
});

test("a failed call that the provider had answered is kept, with a cost that is unknown (BerriAI/litellm#37365)", async () => {
  const { records } = await booked(
    openAi(
      "1",
      [0, 900],
      "chat gpt-5-mini",
      { ...chat, "error.type": "AbortError" },
      { failed: true },
    ),
    post("2<1", [1, 890], 200),
  );
  expect(columns(records, "status", "cost_usd", "unpriced_reason", "retry_count")).toEqual([
    ["error", null, "no_usage", 0],
  ]);
});

test.each<readonly [string, string, number, readonly Sent[]]>([
  [
    "requests below one span",
    "http",
    2,
    [
      openAi("2<1", [10, 900], "chat gpt-5-mini", used),
      post("3<2", [11, 20], 429),
      post("4<2", [100, 120], 500),
      post("5<2", [300, 890], 200),
    ],
  ],
  [
    "spans of its own for each",
    "sibling",
    2,
    [
      aiSdk5("2<1", [10, 20], "ai.generateText.doGenerate", aiCall({}), { failed: true }),
      aiSdk5("3<1", [100, 120], "ai.generateText.doGenerate", aiCall({}), { failed: true }),
      aiSdk5("4<1", [300, 890], "ai.generateText.doGenerate", aiCall(used)),
    ],
  ],
  [
    "a number on the span",
    "explicit",
    2,
    [openAi("2<1", [10, 900], "chat gpt-5-mini", { ...used, "http.request.resend_count": 2 })],
  ],
])(
  "one operation in three attempts is one record, shown by %s (open-telemetry/semantic-conventions#4025)",
  async (_, evidence, retries, spans) => {
    const { records } = await booked(
      web("1", [0, 999], "POST /reply", { "app.feature": "reply" }),
      ...spans,
    );
    expect(columns(records, "retry_count", "retry_evidence", "cost_usd", "loop_iteration")).toEqual(
      [[retries, evidence, cost, 1]],
    );
  },
);

function aiCall(usage: Attributes): Attributes {
  return {
    ...usage,
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.model.id": "gpt-5-mini",
    "ai.model.provider": "openai.responses",
    "gen_ai.system": "openai.responses",
  };
}

test("a call that is made again because its answer did not validate is two operations (semantic-conventions-genai#476)", async () => {
  const { records, total } = await booked(
    web("1", [0, 999], "POST /extract", {}),
    openAi("2<1", [1, 400], "chat gpt-5-mini", used),
    openAi("3<1", [401, 900], "chat gpt-5-mini", used),
  );
  expect(total).toMatchObject({ calls: 2, cost_usd: "0.000900000000" });
  expect(columns(records, "retry_count")).toEqual([[null], [null]]);
});

test("of 611 doubles the 530 that came twice are deliveries, and the 81 tried again are retries (anthropics/claude-code#85422)", async () => {
  const requests = Array.from({ length: 611 }, (_, index) =>
    claudeCode((index + 16).toString(16), [index * 10, index * 10 + 5], "claude_code.llm_request", {
      "span.type": "llm_request",
      "gen_ai.system": "anthropic",
      "gen_ai.request.model": "claude-sonnet-4-5",
      "gen_ai.response.id": `req_${index}`,
      request_id: `req_${index}`,
      input_tokens: 10,
      output_tokens: 1,
      cache_read_tokens: 0,
      cache_creation_tokens: 0,
      attempt: index < 81 ? 2 : 1,
    }),
  );
  const pipeline = await openStore();
  await sendTo(pipeline, ...requests);
  await sendTo(pipeline, ...requests.slice(81));
  const { rows } = await pipeline.store.readRows(`
    select count(*) as calls, sum(retry_count)::integer as retries, any_value(retry_evidence) as evidence,
      (select max(redelivered) from traces) as redelivered, sum(cost_usd)::varchar as cost_usd
    from cost_records`);
  // 6,110 at $3 and 611 at $15.
  expect(rows).toEqual([
    { calls: 611, retries: 81, evidence: "explicit", redelivered: 530, cost_usd: "0.027495000000" },
  ]);
});

test("one answer's id on two spans of one scope merges nothing and retries nothing (anthropics/claude-code#85422)", async () => {
  const chunk = { ...used, "gen_ai.response.id": "chatcmpl-1" };
  const { records } = await booked(
    web("1", [0, 999], "POST /reply", {}),
    openAi("2<1", [1, 400], "chat gpt-5-mini", chunk),
    openAi("3<1", [401, 900], "chat gpt-5-mini", chunk),
  );
  expect(columns(records, "span", "told_by", "retry_count")).toEqual([
    ["2", 1, null],
    ["3", 1, null],
  ]);
});

test("two identical requests at the same time are both billed (anthropics/claude-code#87101)", async () => {
  const { total } = await booked(
    web("1", [0, 999], "POST /start", {}),
    openAi("2<1", [10, 400], "chat gpt-5-mini", { ...used, "gen_ai.response.id": "a" }),
    openAi("3<1", [23, 400], "chat gpt-5-mini", { ...used, "gen_ai.response.id": "b" }),
  );
  expect(total).toMatchObject({ calls: 2, cost_usd: "0.000900000000" });
});

test("of nine requests at the provider with eight call spans, the ninth is found (BerriAI/litellm#13280)", async () => {
  const pipeline = await openStore();
  const spans = Array.from({ length: 9 }, (_, index) => [
    ...(index === 8
      ? []
      : [openAi("1", [index, 900], "chat gpt-5-mini", used, { trace: index + 1 })]),
    post("2<1", [index + 1, 890], 200, { trace: index + 1 }),
  ]).flat();
  await sendTo(pipeline, ...spans);
  const { total } = await read(pipeline.store);
  expect(total).toMatchObject({ calls: 8 });
  const { readQueryFile } = await import("@spancost/store");
  const { rows } = await pipeline.store.readRows(readQueryFile("lost-calls").sql);
  expect(rows).toMatchObject([{ requests: 1, traces: 1, example_trace_id: "9".padStart(32, "0") }]);
});
