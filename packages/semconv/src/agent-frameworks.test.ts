import { describe, expect, test } from "vitest";
import { keepAttribute } from "./keep-attribute.ts";
import { readSpan } from "./read-span.ts";
import type { SpanReading } from "./reading.ts";
import { type AttributeValue, SpanKind } from "./span-view.ts";

function read(
  scope: string,
  name: string,
  attributes: Record<string, AttributeValue>,
  kind: number = SpanKind.internal,
): SpanReading {
  const kept = Object.entries(attributes).filter(([key]) => keepAttribute(key));
  return readSpan({
    name,
    kind,
    failed: false,
    scopeName: scope,
    scopeVersion: "1.0.0",
    attributes: new Map(kept),
    resource: new Map(),
    eventNames: [],
  });
}

describe("LlamaIndex through OpenInference", () => {
  const scope = "openinference.instrumentation.llama_index";
  const llm = { "openinference.span.kind": "LLM", "llm.model_name": "gpt-5-mini" };

  test.each([
    ["OpenAI._prepare_chat_with_tools", "other"],
    ["Anthropic._prepare_chat_with_tools", "other"],
    ["OpenAI.achat", "call"],
    ["OpenAI.predict_and_call", "call"],
  ])("%s is %s: what only puts a request together asks nothing", (name, node) => {
    expect(read(scope, name, llm).node).toBe(node);
  });

  test.each([
    ["FunctionAgent.run", "run"],
    ["AgentWorkflow.run", "run"],
    ["BaseWorkflowAgent.run_agent_step", "other"],
    ["RetrieverQueryEngine.query", "other"],
  ])("of its chains %s is %s", (name, node) => {
    expect(read(scope, name, { "openinference.span.kind": "CHAIN" }).node).toBe(node);
  });
});

describe("Agno through OpenInference", () => {
  const scope = "openinference.instrumentation.agno";
  const counts = {
    "openinference.span.kind": "LLM",
    "llm.token_count.prompt": 96,
    "llm.token_count.completion": 257,
    "llm.token_count.prompt_details.cache_read": 2000,
    "llm.token_count.prompt_details.cache_write": 1024,
  };

  test.each(["Claude.invoke", "Claude.ainvoke_stream", "AwsBedrock.invoke"])(
    "%s leaves caches out of input",
    (name) => {
      const { usage, usageIssue } = read(scope, name, counts);
      expect([usage?.input, usage?.output, usageIssue]).toEqual([3120, 257, undefined]);
    },
  );

  test.each(["OpenAIChat.invoke", "LiteLLM.invoke", "OpenRouter.invoke", "Gemini.invoke"])(
    "%s has them inside",
    (name) => {
      expect(read(scope, name, { ...counts, "llm.token_count.prompt": 3120 }).usage?.input).toBe(
        3120,
      );
    },
  );

  test("an agent without a name is not named by the number of its node", () => {
    const node = { "openinference.span.kind": "AGENT", "graph.node.id": "9f86d081884c7d65" };
    expect(read(scope, "Agent.run", node).agent).toBe("Agent.run");
  });
});

test.each([
  ["openinference.instrumentation.crewai._event_listener", "writer.Write about cats.execute"],
  ["openinference.instrumentation.crewai", "writer._execute_core"],
  ["openinference.instrumentation.autogen_agentchat", "writer.on_messages_stream"],
])("an agent of %s has its own name, without what it is asked to do", (scope, name) => {
  const attributes = { "openinference.span.kind": "AGENT", "graph.node.id": "writer" };
  expect(read(scope, name, attributes).agent).toBe("writer");
});

describe("CrewAI's tasks are named by what they ask for", () => {
  const listener = "openinference.instrumentation.crewai._event_listener";
  const agent = { "openinference.span.kind": "AGENT", "graph.node.id": "writer" };

  test.each<[string, string, Record<string, AttributeValue>, string]>([
    [listener, "writer.Write about cats.execute", agent, "writer.execute"],
    [listener, "writer.draft.execute", { ...agent, task_name: "draft" }, "writer.draft.execute"],
    [listener, "Agent.execute", { "openinference.span.kind": "AGENT" }, "Agent.execute"],
    [listener, "writer.kickoff", agent, "writer.kickoff"],
    [listener, "crew.kickoff", { "openinference.span.kind": "CHAIN" }, "crew.kickoff"],
    [
      "openinference.instrumentation.crewai",
      "writer.Write about cats._execute_core",
      agent,
      "writer._execute_core",
    ],
    [
      "opentelemetry.instrumentation.crewai.instrumentation",
      "Write about cats.task",
      { "traceloop.span.kind": "task", "gen_ai.operation.name": "invoke_agent" },
      "crewai.task",
    ],
    [
      "opentelemetry.instrumentation.crewai.instrumentation",
      "writer.agent",
      { "traceloop.span.kind": "agent", "gen_ai.operation.name": "invoke_agent" },
      "writer.agent",
    ],
    ["my-service", "Write about cats.task", { "gen_ai.operation.name": "chat" }, ""],
  ])("%s: %s is kept by a name without it", (scope, name, attributes, kept) => {
    expect(read(scope, name, attributes).name).toBe(kept || name);
  });
});

describe("agent frameworks through OpenLLMetry", () => {
  test("all spans of CrewAI are named invoke_agent: only the agent's is one", () => {
    const scope = "opentelemetry.instrumentation.crewai.instrumentation";
    const invoke = { "gen_ai.operation.name": "invoke_agent", "gen_ai.provider.name": "crewai" };
    const nodes = [undefined, "task", "agent"].map(
      (kind) => read(scope, "x", { ...invoke, "traceloop.span.kind": kind }).node,
    );
    expect(nodes).toEqual(["run", "other", "agent"]);
  });

  test("the sum of CrewAI's agent counts on from one task to the next", () => {
    const { usageQuality, usageIssue } = read(
      "opentelemetry.instrumentation.crewai.instrumentation",
      "writer.agent",
      {
        "gen_ai.operation.name": "invoke_agent",
        "traceloop.span.kind": "agent",
        "gen_ai.usage.input_tokens": 2350,
        "gen_ai.usage.output_tokens": 134,
      },
    );
    expect([usageQuality, usageIssue]).toEqual(["partial", "may_include_earlier_calls"]);
  });

  test("Agno's agent is no call, whatever it has of one", () => {
    const agent = {
      "gen_ai.system": "agno",
      "traceloop.span.kind": "agent",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.usage.input_tokens": 5280,
      "gen_ai.usage.output_tokens": 386,
      "llm.usage.total_tokens": 5666,
    };
    const scope = "opentelemetry.instrumentation.agno";
    const openai = read(scope, "a.agent", agent, SpanKind.client);
    expect([openai.node, openai.usage?.input, openai.usageQuality]).toEqual([
      "agent",
      5280,
      "measured",
    ]);
    const claude = { ...agent, "gen_ai.request.model": "claude-sonnet-4-5" };
    const { usageQuality, usageIssue } = read(scope, "a.agent", claude, SpanKind.client);
    expect([usageQuality, usageIssue]).toEqual(["partial", "input_excludes_cache"]);
  });

  test("LlamaIndex's Anthropic leaves caches out of input, and a call is a call at any place", () => {
    const call = read("opentelemetry.instrumentation.llamaindex", "Anthropic.workflow", {
      "traceloop.span.kind": "workflow",
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "anthropic_llm",
      "gen_ai.usage.input_tokens": 96,
      "gen_ai.usage.output_tokens": 257,
      "gen_ai.usage.total_tokens": 353,
      "gen_ai.usage.cache_read.input_tokens": 2000,
      "gen_ai.usage.cache_creation.input_tokens": 1024,
    });
    expect([call.node, call.provider, call.usage?.input]).toEqual(["call", "anthropic", 3120]);
    expect(call.usageIssue).toBeUndefined();
  });
});

describe("the OpenAI Agents SDK through Logfire", () => {
  const scope = "logfire.openai_agents";

  test("a call of Chat Completions is one, with the caches of the SDK's own account", () => {
    const { node, operation, usage } = read(
      scope,
      "Chat completion with {gen_ai.request.model!r}",
      {
        "gen_ai.usage.input_tokens": 1523,
        "gen_ai.usage.output_tokens": 311,
        usage: JSON.stringify({
          input_tokens_details: { cached_tokens: 1024, cache_write_tokens: 0 },
          output_tokens_details: { reasoning_tokens: 128 },
        }),
      },
    );
    expect([node, operation]).toEqual(["call", "chat"]);
    expect(usage).toMatchObject({ input: 1523, cacheRead: 1024, cacheWrite: 0, reasoning: 128 });
  });

  test.each<[string, string, string | undefined, string | undefined]>([
    ["Agent run: {name!r}", "agent", "writer", undefined],
    ["Function: {name}", "tool", undefined, "writer"],
    ["OpenAI Agents trace: {name}", "run", undefined, undefined],
    ["Turn {turn} for agent writer", "other", undefined, undefined],
    ["Guardrail {name!r} {triggered=}", "other", undefined, undefined],
  ])("%s is %s", (name, node, agent, tool) => {
    const reading = read(scope, name, { name: "writer", "gen_ai.system": "openai" });
    expect([reading.node, reading.agent, reading.tool]).toEqual([node, agent, tool]);
  });

  test("what turns and tasks repeat is no usage, and what is pending no call", () => {
    const usage = JSON.stringify({ input_tokens: 1523, output_tokens: 311 });
    expect(read(scope, "Task: Agent workflow", { usage }).usage).toBeUndefined();
    const pending = { "logfire.span_type": "pending_span" };
    expect(read(scope, "Responses API", pending).node).toBe("other");
  });
});

describe("AG2's accounts", () => {
  const scope = "opentelemetry.instrumentation.ag2";
  const counts = {
    "gen_ai.provider.name": "anthropic",
    "gen_ai.response.model": "claude-sonnet-4-5",
    "gen_ai.usage.input_tokens": 96,
    "gen_ai.usage.output_tokens": 257,
    "gen_ai.usage.cache_read_input_tokens": 2000,
    "gen_ai.usage.cache_creation_input_tokens": 1024,
  };

  test.each<[string, string | undefined, string, number | undefined]>([
    ["model_call", undefined, "other", undefined],
    ["subtask", "writer", "other", undefined],
    ["subtask", "subtask-0af76519", "other", 3120],
    ["compaction", undefined, "call", 3120],
    ["aggregation", undefined, "call", 3120],
  ])("%s of %s: %s with %s tokens", (kind, label, node, input) => {
    const account = { ...counts, "ag2.usage.kind": kind, "ag2.usage.label": label };
    const reading = read(scope, `record_usage ${kind}`, account);
    expect([reading.node, reading.usage?.input]).toEqual([node, input]);
  });

  test.each([
    ["anthropic", 3120, 257],
    ["bedrock", 3120, 257],
    ["openai", 96, 257],
    ["google", 96, 297],
  ])("counts are those of %s", (provider, input, output) => {
    const { usage } = read(scope, "chat m", {
      ...counts,
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": provider,
      "gen_ai.usage.thinking_tokens": 40,
    });
    expect([usage?.input, usage?.output, usage?.reasoning]).toEqual([input, output, 40]);
  });
});
