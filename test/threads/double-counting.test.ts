import { expect, test } from "vitest";
import { booked, columns } from "./booked.ts";
import { type Attributes, emitter, web } from "./spans.ts";

const aiSdk7 = emitter("gen_ai");
const pydanticAi = emitter("pydantic-ai 1.0.0");
const strands = emitter("strands.telemetry.tracer", { service: "strands-agents" });
const langChain = emitter("openinference.instrumentation.langchain 0.1.70");

function usage(input: number, output: number): Attributes {
  return { "gen_ai.usage.input_tokens": input, "gen_ai.usage.output_tokens": output };
}

function chat(model: string, counts: Attributes, provider = "openai"): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": provider,
    "gen_ai.request.model": model,
    ...counts,
  };
}

function agent(name: string, counts: Attributes): Attributes {
  return { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name, ...counts };
}

test("an agent span that repeats its loop's usage is not billed (langfuse/langfuse#14754)", async () => {
  const aggregate = chat("gpt-5.5", usage(14_426, 771));
  const { records, roles, total } = await booked(
    web("1", [0, 900], "POST /api/chat", { "app.feature": "chat" }),
    aiSdk7("2<1", [1, 890], "invoke_agent gpt-5.5", {
      ...aggregate,
      "gen_ai.operation.name": "invoke_agent",
    }),
    aiSdk7("3<2", [2, 400], "step 1", { "gen_ai.operation.name": "agent_step" }),
    aiSdk7("4<3", [3, 300], "chat gpt-5.5", chat("gpt-5.5", usage(6_900, 430))),
    aiSdk7("5<3", [301, 399], "execute_tool search", {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "search",
    }),
    aiSdk7("6<2", [401, 880], "step 2", { "gen_ai.operation.name": "agent_step" }),
    aiSdk7("7<6", [402, 870], "chat gpt-5.5", chat("gpt-5.5", usage(7_526, 341))),
  );
  // 14,426 at $5 and 771 at $30 per million: what the reporter's generations cost, not the $0.19052 shown.
  expect(total).toEqual({
    calls: 2,
    cost_usd: "0.095260000000",
    input_tokens: 14_426,
    output_tokens: 771,
  });
  expect(roles).toMatchObject({ 2: "rollup", 3: "other", 4: "billable", 7: "billable" });
  expect(columns(records, "loop_iteration", "tool")).toEqual([
    [1, null],
    [2, "search"],
  ]);
});

test("an agent span that repeats only its last call's usage is not billed either (microsoft/agent-framework#4062)", async () => {
  const agentFramework = emitter("agent_framework");
  const { total, roles } = await booked(
    agentFramework("1", [0, 90], "invoke_agent", agent("helper", usage(2_569, 99))),
    agentFramework("2<1", [1, 30], "chat", chat("gpt-4o-mini", usage(2_239, 192))),
    agentFramework("3<1", [31, 89], "chat", chat("gpt-4o-mini", usage(2_569, 99))),
  );
  expect(roles).toMatchObject({ 1: "rollup" });
  // 4,808 at $0.15 and 291 at $0.60.
  expect(total).toMatchObject({ calls: 2, input_tokens: 4_808, cost_usd: "0.000895800000" });
});

test("usage on parent and child spans is counted once, on the child (strands-agents/harness-sdk#1267)", async () => {
  const sent = (counts: readonly [number, number, number, number]): Attributes => ({
    "gen_ai.system": "strands-agents",
    "gen_ai.request.model": "us.anthropic.claude-sonnet-4-20250514-v1:0",
    "gen_ai.usage.prompt_tokens": counts[0],
    "gen_ai.usage.input_tokens": counts[0],
    "gen_ai.usage.completion_tokens": counts[1],
    "gen_ai.usage.output_tokens": counts[1],
    "gen_ai.usage.total_tokens": counts.reduce((sum, count) => sum + count),
    "gen_ai.usage.cache_read_input_tokens": counts[2],
    "gen_ai.usage.cache_write_input_tokens": counts[3],
  });
  const { records, roles, total } = await booked(
    strands("1", [0, 900], "invoke_agent Strands Agents", {
      ...sent([9, 150, 3_000, 3_200]),
      ...agent("Strands Agents", {}),
    }),
    strands("2<1", [1, 400], "execute_event_loop_cycle", { "event_loop.cycle_id": "c-1" }),
    strands("3<2", [2, 300], "chat", {
      ...sent([4, 50, 0, 3_000]),
      "gen_ai.operation.name": "chat",
    }),
    strands("4<1", [401, 890], "execute_event_loop_cycle", { "event_loop.cycle_id": "c-2" }),
    strands("5<4", [402, 880], "chat", {
      ...sent([5, 100, 3_000, 200]),
      "gen_ai.operation.name": "chat",
    }),
  );
  expect(roles).toMatchObject({ 1: "rollup", 3: "billable", 5: "billable" });
  expect(columns(records, "input_tokens", "cache_read_tokens", "cache_write_tokens")).toEqual([
    [3_004, 0, 3_000],
    [3_205, 3_000, 200],
  ]);
  // 9 at $3, 3,200 written at $3.75, 3,000 read at $0.30, 150 at $15.
  expect(total["cost_usd"]).toBe("0.015177000000");
});

test.each([
  ["under the calls' own names", "gen_ai.usage"],
  ["under names of their own", "gen_ai.aggregated_usage"],
])("an agent's sum %s adds nothing (pydantic/pydantic-ai#3995)", async (_, prefix) => {
  const { total } = await booked(
    pydanticAi("1", [0, 90], "invoke_agent joker", {
      ...agent("joker", {}),
      [`${prefix}.input_tokens`]: 113,
      [`${prefix}.output_tokens`]: 11,
    }),
    pydanticAi("2<1", [1, 30], "chat gpt-4o-mini", chat("gpt-4o-mini", usage(56, 5)), {
      kind: "client",
    }),
    pydanticAi("3<1", [40, 89], "chat gpt-4o-mini", chat("gpt-4o-mini", usage(57, 6)), {
      kind: "client",
    }),
  );
  expect(total).toEqual({
    calls: 2,
    cost_usd: "0.000023550000",
    input_tokens: 113,
    output_tokens: 11,
  });
});

test("a run that carries its predecessor's usage along adds nothing (pydantic/pydantic-ai#8368)", async () => {
  const run = (trace: number, carried: number, own: number) => [
    pydanticAi(
      "1",
      [0, 90],
      "invoke_agent a",
      agent("a", { "gen_ai.aggregated_usage.input_tokens": carried }),
      { trace },
    ),
    pydanticAi("2<1", [1, 80], "chat gpt-4o-mini", chat("gpt-4o-mini", usage(own, 1)), { trace }),
  ];
  const { total } = await booked(...run(1, 51, 51), ...run(2, 103, 52), ...run(3, 53, 53));
  expect(total).toMatchObject({ calls: 3, input_tokens: 156 });
});

test("sums on every level of agents that call agents are one bill (open-telemetry/semantic-conventions-genai#19)", async () => {
  const sdk = emitter("my-agents 2.0.0");
  const { total, roles } = await booked(
    sdk("1", [0, 900], "invoke_workflow", {
      "gen_ai.operation.name": "invoke_workflow",
      ...usage(600, 60),
    }),
    sdk("2<1", [1, 800], "invoke_agent boss", agent("boss", usage(600, 60))),
    sdk("3<2", [2, 100], "chat", chat("gpt-4o-mini", usage(100, 10))),
    sdk("4<2", [101, 700], "execute_tool ask", {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "ask",
      ...usage(500, 50),
    }),
    sdk("5<4", [102, 690], "invoke_agent helper", agent("helper", usage(500, 50))),
    sdk("6<5", [103, 300], "chat", chat("gpt-4o-mini", usage(200, 20))),
    sdk("7<5", [301, 680], "chat", chat("gpt-4o-mini", usage(300, 30))),
  );
  expect(total).toMatchObject({ calls: 3, input_tokens: 600, output_tokens: 60 });
  expect(roles).toEqual({
    1: "rollup",
    2: "rollup",
    3: "billable",
    4: "rollup",
    5: "rollup",
    6: "billable",
    7: "billable",
  });
});

test("tokens and cost of a trace are summed over the same spans (mlflow/mlflow#25007)", async () => {
  const wrapper = { "openinference.span.kind": "CHAIN", "llm.token_count.prompt": 9_000 };
  const call = (input: number, output: number): Attributes => ({
    "openinference.span.kind": "LLM",
    "llm.provider": "openai",
    "llm.model_name": "gpt-4o-mini",
    "llm.token_count.prompt": input,
    "llm.token_count.completion": output,
    "llm.token_count.total": input + output,
  });
  const { total, roles } = await booked(
    langChain("1", [0, 90], "rag", { ...wrapper, "llm.token_count.completion": 900 }),
    langChain("2<1", [1, 80], "retrieve", { ...wrapper, "llm.token_count.completion": 300 }),
    langChain("3<2", [2, 30], "ChatOpenAI", call(1_000, 100)),
    langChain("4<2", [31, 50], "ChatOpenAI", call(2_000, 200)),
    langChain("5<1", [51, 79], "ChatOpenAI", call(3_000, 300)),
  );
  // 6,000 at $0.15 and 600 at $0.60: the roll-ups of 9,000 are in neither sum.
  expect(total).toEqual({
    calls: 3,
    cost_usd: "0.001260000000",
    input_tokens: 6_000,
    output_tokens: 600,
  });
  expect(roles).toMatchObject({ 1: "rollup", 2: "rollup" });
});
