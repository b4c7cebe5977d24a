import { readQueryFile } from "@spancost/store";
import { expect, test } from "vitest";
import { booked, columns, openStore, sendTo } from "./booked.ts";
import { type Attributes, emitter, type Sent, web } from "./spans.ts";

const claudeAgent = emitter("@arizeai/openinference-instrumentation-claude-agent-sdk 0.2.1");
const sdk = emitter("my-agents 2.0.0");
const smol = emitter("openinference.instrumentation.smolagents 0.1.25");

function chat(input: number, more: Attributes = {}): Attributes {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-sonnet-4-5",
    "gen_ai.usage.input_tokens": input,
    "gen_ai.usage.output_tokens": 0,
    ...more,
  };
}

function agent(name: string): Attributes {
  return { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": name };
}

/** What `sql` says of spans that were sent in one go. */
async function asked(sql: string, ...sent: readonly Sent[]) {
  const pipeline = await openStore();
  await sendTo(pipeline, ...sent);
  return (await pipeline.store.readRows(sql)).rows;
}

const byAgent = `
  select agent, count(*) as calls, sum(cost_usd)::varchar as usd from cost_records group by agent order by agent`;

test("what each sub-agent cost is known, though all of them use one model (anthropics/claude-agent-sdk-typescript#293)", async () => {
  const rows = await asked(
    byAgent,
    web("1", [0, 999], "POST /task", { "app.feature": "research" }),
    sdk("2<1", [1, 990], "invoke_agent parent", agent("parent")),
    sdk("3<2", [2, 100], "chat", chat(1_000)),
    sdk("4<2", [101, 500], "execute_tool Task", {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "Task",
    }),
    sdk("5<4", [102, 490], "invoke_agent reviewer", agent("reviewer")),
    sdk("6<5", [103, 200], "chat", chat(10_000)),
    sdk("7<5", [201, 480], "chat", chat(20_000)),
    sdk("8<2", [501, 900], "execute_tool Task", {
      "gen_ai.operation.name": "execute_tool",
      "gen_ai.tool.name": "Task",
    }),
    sdk("9<8", [502, 890], "invoke_agent tester", agent("tester")),
    sdk("a<9", [503, 880], "chat", chat(40_000)),
    sdk("b<2", [901, 980], "chat", chat(2_000)),
  );
  expect(rows).toEqual([
    { agent: "parent", calls: 2, usd: "0.009000000000" },
    { agent: "reviewer", calls: 2, usd: "0.090000000000" },
    { agent: "tester", calls: 1, usd: "0.120000000000" },
  ]);
});

test("an agent's name on the call itself is enough, without a span of the agent (semantic-conventions-genai#91)", async () => {
  const rows = await asked(
    byAgent,
    sdk("1", [0, 100], "chat", chat(1_000, { "gen_ai.agent.name": "reviewer" })),
    sdk("2", [101, 200], "chat", chat(2_000, { "gen_ai.agent.name": "tester" })),
    sdk("3", [201, 300], "chat", chat(4_000)),
  );
  expect(rows).toEqual([
    { agent: "reviewer", calls: 1, usd: "0.003000000000" },
    { agent: "tester", calls: 1, usd: "0.006000000000" },
    { agent: null, calls: 1, usd: "0.012000000000" },
  ]);
});

test("a sub-agent's calls whose own span never came belong to the nearest agent that did", async () => {
  const { records } = await booked(
    sdk("1", [0, 999], "invoke_agent parent", agent("parent")),
    sdk("3<2", [2, 100], "chat", chat(1_000)),
    sdk("4<1", [101, 200], "chat", chat(2_000)),
  );
  // Span 2 is lost: nothing shows that call 3 was the parent's.
  expect(columns(records, "span", "agent", "agent_depth", "loop_iteration")).toEqual([
    ["3", null, 0, 1],
    ["4", "parent", 1, 1],
  ]);
});

/** A supervisor's span with usage, a sub-agent's below it without, as the Claude Agent SDK's instrumentation sends. */
function supervised(trace: number, usage: Attributes): readonly Sent[] {
  return [
    claudeAgent(
      "1",
      [0, 9_000],
      "ClaudeAgentSDK.query",
      {
        "openinference.span.kind": "AGENT",
        "session.id": "session-7",
        "llm.system": "anthropic",
        "llm.model_name": "claude-sonnet-4-5",
        ...usage,
      },
      { trace },
    ),
    claudeAgent(
      "2<1",
      [100, 8_000],
      "Task",
      { "openinference.span.kind": "TOOL", "tool.name": "Task" },
      { trace },
    ),
    claudeAgent(
      "3<2",
      [110, 7_900],
      "researcher",
      { "openinference.span.kind": "AGENT" },
      { trace },
    ),
  ];
}

test("a session costs what its traces cost, also where only the supervisor tells of usage (langfuse/langfuse#14338)", async () => {
  const usage = { "llm.token_count.prompt": 800_000, "llm.token_count.completion": 1_333 };
  const rows = await asked(
    `select conversation_id, count(*) as calls, sum(cost_usd)::varchar as session,
      max(usage_issue) as issue,
      (select sum(usd) from (select sum(cost_usd) as usd from cost_records group by trace_id))::varchar as traces
    from cost_records group by conversation_id`,
    ...supervised(1, { "llm.token_count.prompt": 100_000, "llm.token_count.completion": 1_000 }),
    ...supervised(2, usage),
  );
  // 100,000 at $3 and 1,000 at $15; more than 200,000 is $6 and $22.50.
  expect(rows).toEqual([
    {
      conversation_id: "session-7",
      calls: 2,
      session: "5.144992500000",
      issue: "aggregate_only",
      traces: "5.144992500000",
    },
  ]);
});

test("a session's id that stands on the root alone is every call's (narumiruna/pi-extensions#763)", async () => {
  const rows = await asked(
    "select conversation_id, feature, release, sum(cost_usd)::varchar as usd from cost_records group by all",
    web(
      "1",
      [0, 999],
      "pi.agent",
      { "session.id": "s-9", "app.feature": "pi" },
      { release: "0.84.2" },
    ),
    sdk("2<1", [1, 900], "pi.attempt", {}),
    sdk("3<2", [2, 400], "chat", chat(1_000)),
    sdk("4<2", [401, 890], "chat", chat(2_000)),
  );
  expect(rows).toEqual([
    { conversation_id: "s-9", feature: "pi", release: "1.42.0", usd: "0.009000000000" },
  ]);
});

test("steps that send the whole memory again cost more each time, and the agent's sum is not added (huggingface/smolagents#2566)", async () => {
  const step = (index: number) => 2_000 + 1_500 * index;
  const steps = Array.from({ length: 12 }, (_, index) => [
    smol(`${(index + 32).toString(16)}<1`, [index * 100, index * 100 + 99], `Step ${index + 1}`, {
      "openinference.span.kind": "CHAIN",
    }),
    smol(
      `${(index + 64).toString(16)}<${(index + 32).toString(16)}`,
      [index * 100 + 1, index * 100 + 90],
      "OpenAIModel.generate",
      {
        "openinference.span.kind": "LLM",
        "llm.provider": "openai",
        "llm.model_name": "gpt-5-mini",
        "llm.token_count.prompt": step(index),
        "llm.token_count.completion": 1_500,
        "llm.token_count.total": step(index) + 1_500,
        "output.value": "{}",
      },
    ),
  ]).flat();
  const sent = [
    smol("1", [0, 1_300], "CodeAgent.run", {
      "openinference.span.kind": "AGENT",
      "llm.token_count.prompt": 123_000,
      "llm.token_count.completion": 18_000,
      "llm.token_count.total": 141_000,
    }),
    ...steps,
  ];
  const { total } = await booked(...sent);
  // 123,000 at $0.25 and 18,000 at $2.
  expect(total).toMatchObject({ calls: 12, input_tokens: 123_000, cost_usd: "0.066750000000" });
  const curve = await asked(readQueryFile("cost-by-loop-iteration").sql, ...sent);
  expect(columns(curve, "loop_iteration", "input_tokens_per_call")).toEqual(
    Array.from({ length: 12 }, (_, index) => [index + 1, step(index)]),
  );
  // Each step's input is the last one's with its answer: all of it was sent or made before.
  expect(curve.slice(1).map((row) => Number(row["resent_share"]))).toEqual(
    Array.from({ length: 11 }, () => 1),
  );
});
