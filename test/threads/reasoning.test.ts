import { expect, test } from "vitest";
import { booked, columns } from "./booked.ts";
import { type Attributes, emitter } from "./spans.ts";

const adk = emitter("gcp.vertex.agent 2.0.0");
const aiSdk = emitter("ai");
const byHand = emitter("my-own-wrapper 1.0.0", { kind: "client" });

/** What Gemini answers: candidates without thoughts, a total with them. */
const usageMetadata = {
  promptTokenCount: 1_100,
  candidatesTokenCount: 29,
  thoughtsTokenCount: 32,
  totalTokenCount: 1_161,
};

/** 1,100 at $0.30 and 61 at $2.50. */
const thought = [1_100, 61, 32, "0.000482500000", null];

const told = ["input_tokens", "output_tokens", "reasoning_tokens", "cost_usd", "usage_issue"];

function aiSdk5(operation: string, usage: Attributes): Attributes {
  return {
    "ai.operationId": operation,
    "ai.model.id": "gemini-2.5-flash",
    "ai.model.provider": "google.generative-ai",
    "gen_ai.system": "google.generative-ai",
    "gen_ai.request.model": "gemini-2.5-flash",
    "ai.response.providerMetadata": JSON.stringify({ google: { usageMetadata } }),
    "gen_ai.usage.input_tokens": 1_100,
    "gen_ai.usage.output_tokens": 29,
    ...usage,
  };
}

test("Gemini's thinking is output and is billed, where it stands only in the answer's JSON (langfuse/langfuse#16321)", async () => {
  const { records } = await booked(
    adk("1", [0, 90], "call_llm", {
      "gen_ai.system": "gcp.vertex.agent",
      "gen_ai.request.model": "gemini-2.5-flash",
      "gen_ai.usage.input_tokens": 1_100,
      "gen_ai.usage.output_tokens": 29,
      "gcp.vertex.agent.llm_response": JSON.stringify({ usageMetadata }),
    }),
  );
  expect(columns(records, ...told)).toEqual([thought]);
});

test("Gemini's thinking is billed where a stream's total has it and its output has not (vercel/ai#6082)", async () => {
  const { records } = await booked(
    aiSdk(
      "1",
      [0, 90],
      "ai.streamText.doStream",
      aiSdk5("ai.streamText.doStream", {
        "ai.usage.inputTokens": 1_100,
        "ai.usage.outputTokens": 29,
        "ai.usage.reasoningTokens": 32,
        "ai.usage.totalTokens": 1_161,
      }),
    ),
  );
  expect(columns(records, ...told)).toEqual([thought]);
});

test("Gemini's thinking is billed where only the provider's metadata has it (vercel/ai#6082)", async () => {
  const { records } = await booked(
    aiSdk(
      "1",
      [0, 90],
      "ai.generateText.doGenerate",
      aiSdk5("ai.generateText.doGenerate", {
        "ai.usage.promptTokens": 1_100,
        "ai.usage.completionTokens": 29,
      }),
    ),
  );
  expect(columns(records, ...told)).toEqual([thought]);
});

test("a total without thoughts leaves reasoning where it is, inside the output", async () => {
  const { records } = await booked(
    byHand("1", [0, 90], "chat", {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "gcp.gemini",
      "gen_ai.request.model": "gemini-2.5-flash",
      "gen_ai.usage.input_tokens": 1_100,
      "gen_ai.usage.output_tokens": 61,
      "gen_ai.usage.reasoning.output_tokens": 32,
      "gen_ai.usage.total_tokens": 1_161,
    }),
  );
  expect(columns(records, ...told)).toEqual([thought]);
});

test("thinking that only the total has is billed, and marked as what is left of it (simonw/llm-gemini#75)", async () => {
  const python = emitter("opentelemetry.instrumentation.google_generativeai 0.60.0", {
    kind: "client",
  });
  const { records } = await booked(
    python("1", [0, 90], "gemini.generate_content", {
      "gen_ai.operation.name": "generate_content",
      "gen_ai.provider.name": "gcp.gen_ai",
      "gen_ai.request.model": "gemini-2.5-flash",
      "gen_ai.usage.input_tokens": 8,
      "gen_ai.usage.output_tokens": 9,
      "gen_ai.usage.total_tokens": 124,
    }),
  );
  // 8 at $0.30; 9 said and 107 thought at $2.50.
  expect(columns(records, ...told)).toEqual([
    [8, 116, 107, "0.000292400000", "reasoning_from_total"],
  ]);
});

test("more reasoning than output is kept as sent, and has no price", async () => {
  const { records } = await booked(
    byHand("1", [0, 90], "chat", {
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "gpt-5-mini",
      "gen_ai.usage.input_tokens": 10,
      "gen_ai.usage.output_tokens": 29,
      "gen_ai.usage.reasoning.output_tokens": 32,
    }),
  );
  expect(columns(records, ...told)).toEqual([[10, 29, 32, null, "reasoning_exceeds_output"]]);
});
