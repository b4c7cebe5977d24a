import { describe, expect, test } from "vitest";
import { merged, usageOfAnswer } from "./usage-of-answer.ts";

describe("usage in the answers of", () => {
  test("chat completions", () => {
    expect(
      usageOfAnswer({
        id: "chatcmpl-1",
        model: "gpt-5-mini-2025-08-07",
        service_tier: "priority",
        choices: [{ message: { content: "secret" } }],
        usage: {
          prompt_tokens: 1523,
          completion_tokens: 311,
          prompt_tokens_details: { cached_tokens: 1024, audio_tokens: 0, cache_write_tokens: 12 },
          completion_tokens_details: { reasoning_tokens: 128, audio_tokens: 7 },
        },
      }),
    ).toEqual({
      input: 1523,
      cacheRead: 1024,
      cacheWrite: 12,
      output: 311,
      reasoning: 128,
      outputAudio: 7,
      serviceTier: "priority",
      responseModel: "gpt-5-mini-2025-08-07",
      responseId: "chatcmpl-1",
    });
  });

  test("responses, in the last event of a stream too", () => {
    const response = {
      id: "resp_1",
      model: "gpt-5",
      service_tier: "default",
      output: [],
      usage: {
        input_tokens: 100,
        input_tokens_details: { cached_tokens: 40, cache_write_tokens: 0 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 4 },
      },
    };
    const said = {
      input: 100,
      cacheRead: 40,
      cacheWrite: 0,
      output: 9,
      reasoning: 4,
      serviceTier: "default",
      responseModel: "gpt-5",
      responseId: "resp_1",
    };
    expect(usageOfAnswer(response)).toEqual(said);
    expect(usageOfAnswer({ type: "response.completed", response })).toEqual(said);
  });

  test("messages, whose input leaves caches out", () => {
    expect(
      usageOfAnswer({
        id: "msg_1",
        model: "claude-sonnet-4-5",
        content: [{ type: "tool_use", input: { usage: { input_tokens: 999 } } }],
        usage: {
          input_tokens: 96,
          cache_read_input_tokens: 2000,
          cache_creation_input_tokens: 1024,
          cache_creation: { ephemeral_1h_input_tokens: 24 },
          output_tokens: 257,
          service_tier: "standard",
        },
      }),
    ).toEqual({
      input: 3120,
      cacheRead: 2000,
      cacheWrite: 1024,
      cacheWrite1h: 24,
      output: 257,
      serviceTier: "standard",
      responseModel: "claude-sonnet-4-5",
      responseId: "msg_1",
    });
  });

  test("generateContent, whose thoughts are beside its candidates", () => {
    expect(
      usageOfAnswer({
        modelVersion: "gemini-2.5-flash",
        responseId: "r",
        usageMetadata: {
          promptTokenCount: 50,
          cachedContentTokenCount: 10,
          candidatesTokenCount: 5,
          thoughtsTokenCount: 20,
        },
      }),
    ).toEqual({
      input: 50,
      cacheRead: 10,
      output: 25,
      reasoning: 20,
      responseModel: "gemini-2.5-flash",
      responseId: "r",
    });
  });

  test("embeddings", () => {
    expect(
      usageOfAnswer({ model: "text-embedding-3-small", usage: { prompt_tokens: 42 } }),
    ).toEqual({ input: 42, responseModel: "text-embedding-3-small" });
  });
});

test.each([
  undefined,
  null,
  "text",
  [],
  {},
  { usage: null },
  { usage: { prompt_tokens: "12" } },
  { usage: { prompt_tokens: -1 } },
  { usage: { prompt_tokens: 1.5 } },
  { usage: [] },
])("%j says nothing", (answer) => {
  expect(usageOfAnswer(answer)).toBeUndefined();
});

test("a stream's last word counts, and what it leaves out stays", () => {
  const start = usageOfAnswer({
    message: { id: "m", usage: { input_tokens: 1, cache_read_input_tokens: 9, output_tokens: 3 } },
  });
  const end = usageOfAnswer({
    usage: { input_tokens: 1, cache_read_input_tokens: 9, output_tokens: 333 },
  });
  expect(merged(start, end)).toEqual({ input: 10, cacheRead: 9, output: 333, responseId: "m" });
});
