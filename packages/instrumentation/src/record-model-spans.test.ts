import { ROOT_CONTEXT } from "@opentelemetry/api";
import { expect, test } from "vitest";
import { recordModelSpans } from "./record-model-spans.ts";

function sampler(decision: number) {
  return recordModelSpans({
    shouldSample: () => ({ decision, attributes: { kept: true }, traceState: "state" }),
    toString: () => "Base",
  });
}

function ask(decision: number, attributes: Record<string, string>) {
  return sampler(decision).shouldSample(ROOT_CONTEXT, "t", "name", 2, attributes, []);
}

test("what is not sampled is recorded where it is about a model, and nothing else changes", () => {
  expect(ask(0, { "gen_ai.system": "openai" })).toEqual({
    decision: 1,
    attributes: { kept: true },
    traceState: "state",
  });
  expect(ask(0, { "http.request.method": "GET" }).decision).toBe(0);
  expect(ask(2, { "gen_ai.system": "openai" }).decision).toBe(2);
});

test("says what it wraps", () => {
  expect(sampler(0).toString()).toBe("RecordModelSpans{Base}");
});
