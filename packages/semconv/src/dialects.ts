import { firstText, firstValue } from "./attributes.ts";
import { factKeys, otherKeys, usageKeys } from "./conventions.ts";
import type { Dialect } from "./dialect.ts";
import { ag2 } from "./dialects/ag2.ts";
import { agentFramework } from "./dialects/agent-framework.ts";
import { anthropicSdk } from "./dialects/anthropic-sdk.ts";
import { claudeCode } from "./dialects/claude-code.ts";
import { codex, codexMark } from "./dialects/codex.ts";
import { geminiCli } from "./dialects/gemini-cli.ts";
import { genAi } from "./dialects/gen-ai.ts";
import { genkit } from "./dialects/genkit.ts";
import { googleAdk } from "./dialects/google-adk.ts";
import { kong } from "./dialects/kong.ts";
import { laminar } from "./dialects/laminar.ts";
import { langfuse } from "./dialects/langfuse.ts";
import { langsmith } from "./dialects/langsmith.ts";
import { litellm } from "./dialects/litellm.ts";
import { livekit } from "./dialects/livekit.ts";
import { logfire, logfireAnthropicBefore431 } from "./dialects/logfire.ts";
import { logfireAgents } from "./dialects/logfire-agents.ts";
import { mastra } from "./dialects/mastra.ts";
import { mistral } from "./dialects/mistral.ts";
import { mlflow } from "./dialects/mlflow.ts";
import { opencode } from "./dialects/opencode.ts";
import { openinference } from "./dialects/openinference.ts";
import { openinferenceAgno } from "./dialects/openinference-agno.ts";
import {
  openinferenceBedrockBeforeConverse,
  openinferenceBeforeCaches,
} from "./dialects/openinference-before-caches.ts";
import { openinferenceCrewai } from "./dialects/openinference-crewai.ts";
import { openinferenceLlamaIndex } from "./dialects/openinference-llama-index.ts";
import { openlit } from "./dialects/openlit.ts";
import { openlitAnthropic } from "./dialects/openlit-anthropic.ts";
import {
  openlitPython,
  openlitPythonExclusive,
  openlitPythonGoogle,
} from "./dialects/openlit-python.ts";
import { openllmetryJs } from "./dialects/openllmetry-js.ts";
import {
  openllmetryJsAnthropic,
  openllmetryJsAnthropicBefore028,
} from "./dialects/openllmetry-js-anthropic.ts";
import { openllmetryJsLangchain } from "./dialects/openllmetry-js-langchain.ts";
import { openllmetryJsOpenai } from "./dialects/openllmetry-js-openai.ts";
import { openllmetryPython } from "./dialects/openllmetry-python.ts";
import { openllmetryPythonAgents } from "./dialects/openllmetry-python-agents.ts";
import { openllmetryPythonAnthropic } from "./dialects/openllmetry-python-anthropic.ts";
import { openllmetryPythonBedrock } from "./dialects/openllmetry-python-bedrock.ts";
import { openllmetryPythonGoogle } from "./dialects/openllmetry-python-google.ts";
import { otelAwsSdk } from "./dialects/otel-aws-sdk.ts";
import { otelBotocore, otelBotocoreBefore066 } from "./dialects/otel-botocore.ts";
import { otelGenaiBedrock } from "./dialects/otel-genai-bedrock.ts";
import { otelGenaiPython } from "./dialects/otel-genai-python.ts";
import { otelGenaiHandler10, otelGoogleGenaiBefore10 } from "./dialects/otel-google-genai.ts";
import { pipecat } from "./dialects/pipecat.ts";
import { pydanticAi } from "./dialects/pydantic-ai.ts";
import { quarkusLangchain4j } from "./dialects/quarkus-langchain4j.ts";
import { semanticKernel } from "./dialects/semantic-kernel.ts";
import { springAi, springAi1 } from "./dialects/spring-ai.ts";
import { strands } from "./dialects/strands.ts";
import { vercelAi } from "./dialects/vercel-ai.ts";
import { vercelAiOtel } from "./dialects/vercel-ai-otel.ts";
import { type KeyList, keyList } from "./key-list.ts";
import type { SpanView } from "./span-view.ts";
import { isInRange, type VersionRange } from "./versions.ts";

/** An instrumentation scope, and the dialect that it speaks. */
interface Row {
  /** The scope's name; one that ends in `*` is a prefix. */
  readonly scope: string;
  /** Of which versions that is true, where a later one means something else. */
  readonly versions?: VersionRange;
  readonly dialect: Dialect;
}

/**
 * Who speaks what. The first row that fits counts, so older versions stand before the row without any, which is for
 * the newest and for those who do not tell their version.
 */
const table: readonly Row[] = [
  { scope: "com.anthropic.sdk.*", dialect: anthropicSdk },
  { scope: "com.anthropic.claude-platform", dialect: anthropicSdk },
  { scope: "com.anthropic.claude_code.tracing", dialect: claudeCode },

  { scope: "@opentelemetry/instrumentation-aws-sdk", dialect: otelAwsSdk },
  { scope: "io.opentelemetry.aws-sdk-*", dialect: otelAwsSdk },
  {
    scope: "opentelemetry.instrumentation.botocore.bedrock-runtime",
    versions: "<0.66",
    dialect: otelBotocoreBefore066,
  },
  { scope: "opentelemetry.instrumentation.botocore.bedrock-runtime", dialect: otelBotocore },
  { scope: "opentelemetry.instrumentation.genai.bedrock", dialect: otelGenaiBedrock },
  { scope: "opentelemetry.instrumentation.genai.*", dialect: otelGenaiPython },
  {
    scope: "opentelemetry.instrumentation.google_genai",
    versions: "<1.0",
    dialect: otelGoogleGenaiBefore10,
  },
  { scope: "opentelemetry.instrumentation.google_genai", dialect: otelGenaiPython },
  // The scope of all official ones before 1.2.
  {
    scope: "opentelemetry.util.genai.handler",
    versions: ">=1.0 <1.1",
    dialect: otelGenaiHandler10,
  },
  { scope: "opentelemetry.util.genai.handler", versions: ">=1.1", dialect: otelGenaiPython },
  { scope: "opentelemetry.util.genai.handler", dialect: genAi },

  {
    scope: "@traceloop/instrumentation-anthropic",
    versions: "<0.28",
    dialect: openllmetryJsAnthropicBefore028,
  },
  { scope: "@traceloop/instrumentation-anthropic", dialect: openllmetryJsAnthropic },
  { scope: "@traceloop/instrumentation-openai", dialect: openllmetryJsOpenai },
  { scope: "@traceloop/instrumentation-langchain", dialect: openllmetryJsLangchain },
  { scope: "@traceloop/*", dialect: openllmetryJs },
  // The official Python instrumentations end in _v2; OpenLLMetry's have the same prefix and other meanings.
  { scope: "opentelemetry.instrumentation.openai_v2", dialect: genAi },
  { scope: "opentelemetry.instrumentation.vertexai_v2", dialect: genAi },
  { scope: "opentelemetry.instrumentation.openai*", dialect: openllmetryPython },
  { scope: "opentelemetry.instrumentation.langchain*", dialect: openllmetryPython },
  { scope: "opentelemetry.instrumentation.anthropic*", dialect: openllmetryPythonAnthropic },
  { scope: "opentelemetry.instrumentation.bedrock*", dialect: openllmetryPythonBedrock },
  {
    scope: "opentelemetry.instrumentation.google_generativeai",
    dialect: openllmetryPythonGoogle,
  },
  // Of Vertex AI's own SDK, which tells the same.
  { scope: "opentelemetry.instrumentation.vertexai", dialect: openllmetryPythonGoogle },
  { scope: "opentelemetry.instrumentation.ag2", dialect: ag2 },
  { scope: "opentelemetry.instrumentation.agno", dialect: openllmetryPythonAgents },
  { scope: "opentelemetry.instrumentation.crewai*", dialect: openllmetryPythonAgents },
  { scope: "opentelemetry.instrumentation.haystack*", dialect: openllmetryPythonAgents },
  { scope: "opentelemetry.instrumentation.llamaindex*", dialect: openllmetryPythonAgents },

  {
    scope: "openinference.instrumentation.anthropic",
    versions: "<0.1.14",
    dialect: openinferenceBeforeCaches,
  },
  {
    scope: "openinference.instrumentation.bedrock",
    versions: "<0.1.18",
    dialect: openinferenceBeforeCaches,
  },
  {
    scope: "openinference.instrumentation.bedrock",
    versions: "<0.1.42",
    dialect: openinferenceBedrockBeforeConverse,
  },
  { scope: "openinference.instrumentation.agno", dialect: openinferenceAgno },
  { scope: "openinference.instrumentation.crewai*", dialect: openinferenceCrewai },
  { scope: "openinference.instrumentation.llama_index", dialect: openinferenceLlamaIndex },
  { scope: "openinference.instrumentation.*", dialect: openinference },
  { scope: "@arizeai/openinference-instrumentation-*", dialect: openinference },

  { scope: "@openlit/instrumentation-anthropic", dialect: openlitAnthropic },
  { scope: "@openlit/*", dialect: openlit },
  { scope: "openlit.instrumentation.anthropic", dialect: openlitPythonExclusive },
  { scope: "openlit.instrumentation.bedrock", dialect: openlitPythonExclusive },
  { scope: "openlit.instrumentation.google_*", dialect: openlitPythonGoogle },
  { scope: "openlit.instrumentation.vertexai", dialect: openlitPythonGoogle },
  { scope: "openlit.instrumentation.*", dialect: openlitPython },
  { scope: "agent_framework", dialect: agentFramework },
  { scope: "ai", dialect: vercelAi },
  { scope: "gen_ai", dialect: vercelAiOtel },
  { scope: "gemini-cli", dialect: geminiCli },
  { scope: "langsmith", dialect: langsmith },
  { scope: "langfuse-sdk", dialect: langfuse },
  { scope: "@mastra/*", dialect: mastra },
  { scope: "mistralai_sdk_tracer", dialect: mistral },
  { scope: "mlflow.tracing.provider", dialect: mlflow },
  { scope: "gcp.vertex.agent", dialect: googleAdk },
  { scope: "genkit-tracer", dialect: genkit },
  { scope: "litellm", dialect: litellm },
  { scope: "lmnr.tracer", dialect: laminar },
  { scope: "livekit-agents", dialect: livekit },
  { scope: "opencode", dialect: opencode },
  { scope: "pipecat", dialect: pipecat },
  { scope: "pydantic-ai", dialect: pydanticAi },
  { scope: "logfire", dialect: pydanticAi },
  { scope: "logfire.anthropic", versions: "<4.31", dialect: logfireAnthropicBefore431 },
  { scope: "logfire.openai_agents", dialect: logfireAgents },
  { scope: "logfire.*", dialect: logfire },
  { scope: "semantic_kernel.*", dialect: semanticKernel },
  { scope: "strands.telemetry.tracer", dialect: strands },
];

/** Scopes of all that a service does: only of their spans about models is it true. */
const shared: readonly Row[] = [
  { scope: "io.quarkus.opentelemetry", dialect: quarkusLangchain4j },
  { scope: "kong-internal", dialect: kong },
  { scope: "org.springframework.boot", versions: "<4.0", dialect: springAi1 },
  { scope: "org.springframework.boot", dialect: springAi },
];

/** An attribute by which a span of a scope without a row is known. */
type Mark = readonly [attribute: KeyList, dialect: Dialect];

const operationOfAiSdk = keyList("ai.operationId");

/** LiteLLM writes to spans that others made; the AI SDK with whatever tracer it is given. */
const marks: readonly Mark[] = [
  [keyList("hidden_params"), litellm],
  [operationOfAiSdk, vercelAi],
];

/** Of spans that do not follow the conventions. Whoever writes OpenInference by hand has a scope of its own. */
const marksApart: readonly Mark[] = [
  [keyList("openinference.span.kind"), openinference],
  [operationOfAiSdk, vercelAi],
  [keyList(codexMark), codex],
];

/** Scopes seen before, by name and version; bounded, for both are whatever a sender says. */
const seen = new Map<string, Map<string, Dialect | "none">>();
const maxSeen = 1_000;
let seenCount = 0;

/** The dialect of a scope that has a row of its own. */
export function dialectOfScope(scope: string, version: string): Dialect | undefined {
  const known = seen.get(scope)?.get(version) ?? learnScope(scope, version);
  return known === "none" ? undefined : known;
}

function learnScope(scope: string, version: string): Dialect | "none" {
  const dialect = spokenBy(table, scope, version) ?? "none";
  if (seenCount >= maxSeen) {
    seen.clear();
    seenCount = 0;
  }
  const versions = seen.get(scope) ?? new Map<string, Dialect | "none">();
  seen.set(scope, versions.set(version, dialect));
  seenCount += 1;
  return dialect;
}

function spokenBy(rows: readonly Row[], scope: string, version: string): Dialect | undefined {
  return rows.find(
    (row) =>
      isNamed(row.scope, scope) && (row.versions === undefined || isInRange(version, row.versions)),
  )?.dialect;
}

function isNamed(pattern: string, scope: string): boolean {
  return pattern.endsWith("*") ? scope.startsWith(pattern.slice(0, -1)) : scope === pattern;
}

/** Says that a span of any scope follows the conventions. */
const conventionKeys = keyList(...factKeys.operation, ...factKeys.provider, "mcp.method.name");
const modelKeys = factKeys.requestModel;

/**
 * The dialect that a span is written in; `undefined` for spans that say nothing about models.
 *
 * Of a span that is still open: as far as it can be told yet. Nearly all spans of a service are about something else:
 * they cost a look-up by scope and a few by key.
 */
export function dialectOf(
  span: Pick<SpanView, "scopeName" | "scopeVersion" | "attributes">,
): Dialect | undefined {
  const own = dialectOfScope(span.scopeName, span.scopeVersion);
  if (own !== undefined) return own;
  if (firstText(span.attributes, conventionKeys) !== undefined) {
    return markedBy(marks, span) ?? conventionsOf(span);
  }
  const marked = markedBy(marksApart, span);
  if (marked !== undefined) return marked;
  // Who names a model may tell of a call, and not that it is one.
  return firstText(span.attributes, modelKeys) === undefined ? undefined : conventionsOf(span);
}

function conventionsOf(span: Pick<SpanView, "scopeName" | "scopeVersion">): Dialect {
  return spokenBy(shared, span.scopeName, span.scopeVersion) ?? genAi;
}

function markedBy(table: readonly Mark[], span: Pick<SpanView, "attributes">): Dialect | undefined {
  return table.find(([attribute]) => firstValue(span.attributes, attribute) !== undefined)?.[1];
}

/** Which scope speaks which dialect, and whether that is true of some of its versions only. */
export interface DialectScope {
  /** One that ends in `*` is a prefix. */
  readonly scope: string;
  readonly dialect: string;
  readonly ofSomeVersions: boolean;
}

/** Of all scopes with a dialect of their own: the first that fits counts. */
export const dialectScopes: readonly DialectScope[] = table.map(({ scope, versions, dialect }) => ({
  scope,
  dialect: dialect.id,
  ofSomeVersions: versions !== undefined,
}));

/** Every dialect once. */
export const dialects: readonly Dialect[] = [
  ...new Set([
    ...[...table, ...shared].map(({ dialect }) => dialect),
    ...[...marks, ...marksApart].map(([, dialect]) => dialect),
  ]),
];

/** Every attribute that some dialect looks at. */
export const dialectKeys: readonly string[] = [
  ...Object.values(usageKeys).flat(),
  ...Object.values(factKeys).flat(),
  ...otherKeys,
  ...dialects.flatMap(({ reads, keys }) => [...reads, ...Object.values(keys ?? {}).flat()]),
];
