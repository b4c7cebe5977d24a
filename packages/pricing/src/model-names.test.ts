import { expect, test } from "vitest";
import { namedModels, spellingsOf } from "./model-names.ts";

test.each([
  ["gpt-5-mini", ["gpt-5-mini"]],
  ["models/gemini-2.5-flash", ["gemini-2.5-flash"]],
  ["publishers/google/models/gemini-2.5-pro", ["gemini-2.5-pro"]],
  [
    "projects/p/locations/us-central1/publishers/anthropic/models/claude-opus-5@20260210",
    ["claude-opus-5@20260210", "claude-opus-5-20260210"],
  ],
  ["claude-sonnet-4-5@default", ["claude-sonnet-4-5@default", "claude-sonnet-4-5"]],
  ["openai/gpt-5", ["openai/gpt-5", "gpt-5"]],
  ["openai:gpt-5", ["openai:gpt-5", "gpt-5"]],
  ["vertex_ai/gemini-2.5-pro", ["vertex_ai/gemini-2.5-pro", "gemini-2.5-pro"]],
  [
    "bedrock/converse/us.amazon.nova-pro-v1:0",
    ["bedrock/converse/us.amazon.nova-pro-v1:0", "us.amazon.nova-pro-v1:0"],
  ],
  ["openrouter/openai/gpt-5", ["openrouter/openai/gpt-5", "gpt-5"]],
  // No route: a maker's folder at a host, Bedrock's vendor and revision, an Ollama tag.
  ["meta-llama/Llama-3.3-70B-Instruct", ["meta-llama/Llama-3.3-70B-Instruct"]],
  ["anthropic.claude-3-haiku-20240307-v1:0", ["anthropic.claude-3-haiku-20240307-v1:0"]],
  ["deepseek-r1:8b", ["deepseek-r1:8b"]],
  // A snapshot's date stays: gpt-4o-2024-05-13 costs twice what gpt-4o costs.
  ["gpt-4o-2024-05-13", ["gpt-4o-2024-05-13"]],
  ["openai/", ["openai/"]],
])("%s is spelt %j", (model, spellings) => {
  expect(spellingsOf(model)).toEqual(spellings);
});

test.each([
  ["us.anthropic.claude-sonnet-4-5-20250929-v1:0", ["aws"]],
  ["amazon.nova-pro-v1:0", ["aws"]],
  ["arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.amazon.nova-pro-v1:0", ["aws"]],
  ["publishers/google/models/gemini-2.5-pro", ["google"]],
  ["claude-opus-4-1@20250805", ["google"]],
  ["gemini-1.5-pro@001", ["google"]],
  ["openrouter/openai/gpt-5", ["openrouter", "openai"]],
  ["gpt-5-mini", []],
  ["support-api/gpt-5-mini", []],
  ["ollama/llama3", []],
])("%s gives away %j", (model, providers) => {
  expect(namedModels(model).map(({ provider }) => provider)).toEqual(providers);
});
