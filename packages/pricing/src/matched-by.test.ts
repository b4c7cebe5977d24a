import type { MatchLogic, ModelInfo } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import { matchedBy } from "./matched-by.ts";

function model(id: string, match: MatchLogic): ModelInfo {
  return { id, match, prices: {} };
}

const sonnet = model("claude-sonnet-4-5", { or: [{ starts_with: "claude-sonnet-4-5" }] });
const bedrock = model("regional.anthropic.claude-3-5-sonnet-20241022-v2:0", {
  contains: "claude-3-5-sonnet-20241022",
});
const titan = model("amazon.titan-embed-text-v1", { contains: "amazon.titan-embed-text" });
const gemini = model("gemini-2.0-flash", { or: [{ contains: "gemini-2.0-flash-0" }] });
const gpt = model("gpt-6-sol", {
  or: [{ equals: "gpt-6" }, { regex: "^gpt-6-sol-\\d{4}-\\d{2}-\\d{2}$" }],
});
const pro = model("gemini-2.5-pro", {
  and: [{ starts_with: "gemini-2.5-pro" }, { regex: "^(?!.*-tts$)" }],
});
const tuned = model("ft:gpt-4o-mini", { starts_with: "ft:gpt-4o-mini" });
const vertex = model("claude-fable-5", { or: [{ ends_with: "claude-fable-5" }] });

test.each([
  [sonnet, "claude-sonnet-4-5", "exact"],
  [sonnet, "Claude-Sonnet-4-5", "exact"],
  [sonnet, "claude-sonnet-4-5-20250929", "version"],
  [sonnet, "claude-sonnet-4-5@20250929", "version"],
  [sonnet, "claude-sonnet-4-5-latest", "version"],
  [sonnet, "claude-sonnet-4-5-custom", "prefix"],
  [sonnet, "claude-sonnet-4-5-5", "prefix"],
  [sonnet, "claude-sonnet-4-5:8b", "prefix"],
  [bedrock, "anthropic.claude-3-5-sonnet-20241022-v2:0", "version"],
  [bedrock, "us.anthropic.claude-3-5-sonnet-20241022-v2:0", "version"],
  [
    bedrock,
    "arn:aws:bedrock:eu-west-1:1:inference-profile/eu.anthropic.claude-3-5-sonnet-20241022-v2:0",
    "version",
  ],
  [bedrock, "anthropic.claude-3-5-sonnet-20241022-v3:0", "contains"],
  [bedrock, "acme-claude-3-5-sonnet-20241022-v2:0", "contains"],
  [titan, "amazon.titan-embed-text-v1", "exact"],
  [titan, "amazon.titan-embed-text-v2:0", "contains"],
  [gemini, "gemini-2.0-flash-001", "version"],
  [gpt, "gpt-6", "exact"],
  [gpt, "gpt-6-sol-2026-10-01", "version"],
  [gpt, "gpt-6-sol-20261001", "version"],
  [pro, "gemini-2.5-pro", "exact"],
  [pro, "gemini-2.5-pro-experimental-xyz", "prefix"],
  [tuned, "ft:gpt-4o-mini-2024-07-18:acme::abc", "version"],
  [vertex, "anthropic/claude-fable-5", "version"],
  [vertex, "not-claude-fable-5", "contains"],
] as const)("$id and %s match by %s", (info, name, by) => {
  expect(matchedBy(info, name)).toBe(by);
});
