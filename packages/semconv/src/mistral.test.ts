import { expect, test } from "vitest";
import type { AttributeValue } from "./span-view.ts";
import { readAttributes } from "./testing/read-attributes.ts";

function nodeOf(operation: string, more: Record<string, AttributeValue>) {
  const own = { "gen_ai.operation.name": operation, "gen_ai.provider.name": "mistral_ai", ...more };
  const { dialect, node } = readAttributes("mistralai_sdk_tracer", own, { name: operation });
  expect(dialect).toBe("mistral");
  return node;
}

const request = { "http.request.method": "POST" };
const counts = { "gen_ai.usage.input_tokens": 1523, "gen_ai.usage.output_tokens": 311 };

test.each(["chat", "embeddings", "text_completion"])("a request of %s is a call", (operation) => {
  expect(nodeOf(operation, { ...request, ...counts })).toBe("call");
});

test("an agent that answers is a call", () => {
  expect(nodeOf("invoke_agent", { ...request, ...counts })).toBe("call");
});

test("a conversation has the sum of its calls, and what it said is no call", () => {
  const conversation = { ...request, ...counts, "gen_ai.conversation.id": "conv_1" };
  expect(nodeOf("invoke_agent", conversation)).toBe("agent");
  expect(nodeOf("chat", { "gen_ai.response.id": "msg_1" })).toBe("other");
});

test("what the provider's connectors did is a tool", () => {
  expect(nodeOf("execute_tool", { "gen_ai.tool.name": "web_search" })).toBe("tool");
});
