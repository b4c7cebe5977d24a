import { providerOf } from "../conventions.ts";
import { type Dialect, inclusive } from "../dialect.ts";
import { otelGenaiPython } from "./otel-genai-python.ts";

/**
 * `opentelemetry.instrumentation.google_genai` before 1.0: output is `candidatesTokenCount`, which leaves thinking
 * out, and neither thinking nor caches are told: what it sends is a lower bound.
 * Source: the published 0.7b0, generate_content.py; Gemini API reference, UsageMetadata.
 */
export const otelGoogleGenaiBefore10: Dialect = {
  ...otelGenaiPython,
  id: "otel-google-genai-before-1.0",
  meaning: () => ({ ...inclusive, outputIncludesReasoning: false }),
  doubts: () => ({ quality: "partial", issue: "output_excludes_reasoning" }),
};

/**
 * The official instrumentations of 1.0, all under the scope `opentelemetry.util.genai.handler`: as later ones, but
 * that Gemini's thinking stands beside output instead of in it.
 * Source: google_genai/generate_content.py of the published 1.0b0 and 1.1b0.
 */
export const otelGenaiHandler10: Dialect = {
  ...otelGenaiPython,
  id: "otel-genai-handler-1.0",
  meaning: (span) => {
    const meaning = otelGenaiPython.meaning(span);
    const gemini = /gemini|google|gcp|vertex/.test(providerOf(span) ?? "");
    return gemini ? { ...meaning, outputIncludesReasoning: false } : meaning;
  },
};
