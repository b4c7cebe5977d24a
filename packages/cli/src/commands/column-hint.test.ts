import { expect, test } from "vitest";
import { likeNames } from "./column-hint.ts";

const columns = [
  "response_model",
  "request_model",
  "model_request",
  "cost_usd",
  "input_cost_usd",
  "cache_read_cost_usd",
  "feature",
  "input_tokens",
];

test.each([
  ["model", ["request_model", "response_model"]],
  ["cost", ["cost_usd", "input_cost_usd", "cache_read_cost_usd"]],
  ["USD", ["cost_usd", "input_cost_usd", "cache_read_cost_usd"]],
  ["usd_input", ["input_cost_usd"]],
  ["featur", ["feature"]],
  ["inputtokens", ["input_tokens"]],
  ["weather", []],
])("for %s: %j", (unknown, expected) => {
  expect(likeNames(unknown, columns)).toEqual(expected);
});
