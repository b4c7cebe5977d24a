import { firstText } from "./attributes.ts";
import { factKeys, usageKeys } from "./conventions.ts";
import type { Dialect } from "./dialect.ts";
import { anthropicSdk } from "./dialects/anthropic-sdk.ts";
import { claudeCode } from "./dialects/claude-code.ts";
import { genAi } from "./dialects/gen-ai.ts";
import { googleAdk } from "./dialects/google-adk.ts";
import { langfuse } from "./dialects/langfuse.ts";
import { langsmith } from "./dialects/langsmith.ts";
import { litellm } from "./dialects/litellm.ts";
import { mastra } from "./dialects/mastra.ts";
import { openinference } from "./dialects/openinference.ts";
import { openlit, openlitAnthropic } from "./dialects/openlit.ts";
import {
  openllmetryJs,
  openllmetryJsAnthropic,
  openllmetryJsLangchain,
  openllmetryJsOpenai,
} from "./dialects/openllmetry-js.ts";
import { openllmetryPython } from "./dialects/openllmetry-python.ts";
import { otelAwsSdk } from "./dialects/otel-aws-sdk.ts";
import { pydanticAi } from "./dialects/pydantic-ai.ts";
import { vercelAi } from "./dialects/vercel-ai.ts";
import { vercelAiOtel } from "./dialects/vercel-ai-otel.ts";
import type { SpanView } from "./span-view.ts";

/** Which scope speaks which dialect. A name that ends in `*` is a prefix; the first row that fits counts. */
const table: readonly (readonly [scope: string, dialect: Dialect])[] = [
  ["com.anthropic.sdk.typescript", anthropicSdk],
  ["com.anthropic.claude-platform", anthropicSdk],
  ["com.anthropic.claude_code.tracing", claudeCode],
  ["@opentelemetry/instrumentation-aws-sdk", otelAwsSdk],
  ["@traceloop/instrumentation-openai", openllmetryJsOpenai],
  ["@traceloop/instrumentation-anthropic", openllmetryJsAnthropic],
  ["@traceloop/instrumentation-langchain", openllmetryJsLangchain],
  ["@traceloop/*", openllmetryJs],
  ["@arizeai/openinference-instrumentation-*", openinference],
  ["openinference.instrumentation.*", openinference],
  ["@openlit/instrumentation-anthropic", openlitAnthropic],
  ["@openlit/*", openlit],
  ["ai", vercelAi],
  ["gen_ai", vercelAiOtel],
  ["langsmith", langsmith],
  ["langfuse-sdk", langfuse],
  ["@mastra/*", mastra],
  ["gcp.vertex.agent", googleAdk],
  ["litellm", litellm],
  ["pydantic-ai", pydanticAi],
  ["logfire", pydanticAi],
  // The official Python instrumentations end in _v2; OpenLLMetry's have the same prefix and other meanings.
  ["opentelemetry.instrumentation.openai_v2", genAi],
  ["opentelemetry.instrumentation.vertexai_v2", genAi],
  ["opentelemetry.instrumentation.openai*", openllmetryPython],
  ["opentelemetry.instrumentation.anthropic*", openllmetryPython],
  ["opentelemetry.instrumentation.langchain*", openllmetryPython],
  ["opentelemetry.instrumentation.bedrock*", openllmetryPython],
];

/** Scopes seen before; bounded, for a scope's name is whatever a sender says. */
const seen = new Map<string, Dialect | undefined>();
const maxSeen = 1_000;

/** The dialect of a scope that has a row of its own. */
function dialectOfScope(scope: string): Dialect | undefined {
  if (seen.has(scope)) return seen.get(scope);
  const row = table.find(([name]) =>
    name.endsWith("*") ? scope.startsWith(name.slice(0, -1)) : scope === name,
  );
  if (seen.size >= maxSeen) seen.clear();
  seen.set(scope, row?.[1]);
  return row?.[1];
}

/** Says that a span of any scope follows the conventions. */
const conventionKeys = [...factKeys.operation, ...factKeys.provider];

/** The dialect that a span is written in; `undefined` for spans that say nothing about models. */
export function dialectOf(span: SpanView): Dialect | undefined {
  const own = dialectOfScope(span.scopeName);
  if (own !== undefined) return own;
  return firstText(span.attributes, conventionKeys) === undefined ? undefined : genAi;
}

/** Every dialect once. */
export const dialects: readonly Dialect[] = [...new Set(table.map(([, dialect]) => dialect))];

/** Every attribute that some dialect looks at. */
export const dialectKeys: readonly string[] = [
  ...Object.values(usageKeys).flat(),
  ...Object.values(factKeys).flat(),
  ...dialects.flatMap(({ reads, keys }) => [...reads, ...Object.values(keys ?? {}).flat()]),
];
