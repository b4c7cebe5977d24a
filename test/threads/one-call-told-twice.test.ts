import { expect, test } from "vitest";
import { booked, columns } from "./booked.ts";
import { type Attributes, emitter, post, web } from "./spans.ts";

const openAi = emitter("@opentelemetry/instrumentation-openai 0.22.0", { kind: "client" });
const pydanticAi = emitter("pydantic-ai 1.0.0");
const langChain = emitter("openinference.instrumentation.langchain 0.1.70");
const sdk = emitter("my-agents 2.0.0");

function usage(input: number, output: number): Attributes {
  return { "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": output };
}

function chat(model: string, counts: Attributes): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "openai",
    "gen_ai.request.model": model,
    ...counts,
  };
}

function langChainCall(model: string, input: number, output: number): Attributes {
  return {
    "openinference.span.kind": "LLM",
    "llm.provider": "openai",
    "llm.model_name": model,
    "llm.token_count.prompt": input,
    "llm.token_count.completion": output,
    "llm.token_count.total": input + output,
  };
}

test("a call that framework, client library and provider tell of is one (pydantic/logfire beside pydantic-ai)", async () => {
  const logfire = emitter("logfire.openai 4.10.0", { kind: "client" });
  const same = { ...chat("gpt-5-mini", usage(1_100, 61)), "gen_ai.response.id": "chatcmpl-1" };
  const { records, roles } = await booked(
    pydanticAi("1", [0, 99], "invoke_agent a", {
      "gen_ai.operation.name": "invoke_agent",
      "gen_ai.agent.name": "a",
    }),
    pydanticAi("2<1", [1, 98], "chat gpt-5-mini", {
      ...same,
      "gen_ai.usage.cache_read.input_tokens": 1_024,
      "gen_ai.usage.details.cache_read_tokens": 1_024,
    }),
    logfire("3<2", [2, 97], "Chat Completion with 'gpt-5-mini'", same),
    openAi("4<3", [3, 96], "chat gpt-5-mini", same),
    post("5<4", [4, 95], 200),
  );
  expect(columns(records, "span", "told_by", "retry_count", "cache_read_tokens")).toEqual([
    ["2", 3, 0, 1_024],
  ]);
  expect(roles).toMatchObject({ 3: "rollup", 4: "rollup", 5: "http" });
  // 76 at $0.25, 1,024 read at $0.025, 61 at $2.
  expect(records[0]?.["cost_usd"]).toBe("0.000166600000");
});

test("a call that two instrumentations tell of in different branches is one (DataDog/dd-trace-js#8936)", async () => {
  const { total, roles } = await booked(
    web("1", [0, 99], "POST /ask", {}),
    langChain("2<1", [1, 90], "RunnableSequence", { "openinference.span.kind": "CHAIN" }),
    langChain("3<2", [2, 80], "ChatOpenAI", langChainCall("gpt-5-mini", 1_100, 61)),
    openAi("4<1", [3, 79], "chat gpt-5-mini", chat("gpt-5-mini", usage(1_100, 61))),
  );
  expect(total).toMatchObject({ calls: 1, input_tokens: 1_100, output_tokens: 61 });
  expect(roles).toMatchObject({ 3: "billable", 4: "rollup" });
});

test("calls to two models side by side are two, though their counts are equal and two instrumentations tell of them", async () => {
  // A fan-out that asks two models for one word: same prompt, same number of tokens, same time.
  const { records } = await booked(
    web("1", [0, 99], "POST /classify", {}),
    langChain("2<1", [1, 60], "ChatOpenAI", langChainCall("gpt-5", 300, 1)),
    openAi("3<1", [2, 59], "chat gpt-5-mini", chat("gpt-5-mini", usage(300, 1))),
  );
  expect(columns(records, "span", "request_model", "told_by")).toEqual([
    ["2", "gpt-5", 1],
    ["3", "gpt-5-mini", 1],
  ]);
});

test("an embedding made inside a chat's span is no second account of the chat", async () => {
  // A cache by meaning asks for an embedding before the model is called; only the embedding's client is instrumented.
  const { records } = await booked(
    langChain("1", [0, 99], "ChatOpenAI", langChainCall("gpt-5", 1_000, 50)),
    openAi("2<1", [2, 10], "embeddings text-embedding-3-small", {
      ...chat("text-embedding-3-small", usage(300, 0)),
      "gen_ai.operation.name": "embeddings",
    }),
  );
  // 1,000 at $1.25 and 50 at $10; 300 at $0.02.
  expect(columns(records, "span", "operation", "cost_usd")).toEqual([
    ["1", "chat", "0.001750000000"],
    ["2", "embeddings", "0.000006000000"],
  ]);
});

test("a tool's span that repeats the usage of the agent behind it is a rollup, and no use with a price", async () => {
  const { total, roles } = await booked(
    sdk("1", [0, 99], "execute_tool ask", {
      ...chat("gpt-5-mini", usage(500, 50)),
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "ask",
    }),
    sdk("2<1", [1, 98], "chat gpt-5-mini", chat("gpt-5-mini", usage(500, 50))),
  );
  expect(total).toMatchObject({ calls: 1, cost_usd: "0.000225000000" });
  expect(roles).toEqual({ 1: "rollup", 2: "billable" });
});

test("usage that only a tool's span tells of is booked once, and flagged", async () => {
  const { records } = await booked(
    sdk("1", [0, 99], "execute_tool ask", {
      ...chat("gpt-5-mini", usage(500, 50)),
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "ask",
    }),
  );
  expect(columns(records, "span", "cost_usd", "usage_issue")).toEqual([
    ["1", "0.000225000000", "aggregate_only"],
  ]);
});
