import { type PicoUsd, type PriceBook, usdFromNumber } from "@spancost/pricing";
import { type AttributeSource, readSpan, type SpanReading, type SpanView } from "@spancost/semconv";
import { type PriceColumns, priceFacts } from "./price-facts.ts";
import type { Span } from "./span.ts";
import type { SpanFacts } from "./span-facts.ts";
import type { UnixMicros } from "./time.ts";

/** Longest text kept in a column, in UTF-16 units. Names are short; what is longer is content by mistake. */
const maxText = 256;

/** Reads and prices one span. Pure: the same span and prices give the same facts. */
export function toSpanFacts(span: Span, prices: PriceBook): SpanFacts {
  const reading = readSpan(viewOf(span));
  const { attribution } = reading;
  const facts: UnpricedFacts = {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === span.spanId ? undefined : span.parentSpanId,
    startedAt: span.startedAt,
    // A clock that was set back during the span: it took no time rather than less than none.
    endedAt: Math.max(span.startedAt, span.endedAt) as UnixMicros,
    name: short(span.name) ?? "",
    kind: span.kind,
    node: reading.node,
    failed: span.failed,
    errorType: short(reading.errorType),

    service: short(text(span.resource.attributes, "service.name")),
    environment: short(
      text(span.resource.attributes, "deployment.environment.name") ??
        text(span.resource.attributes, "deployment.environment") ??
        text(span.attributes, "langfuse.environment"),
    ),
    release: short(
      text(span.attributes, "spancost.release") ??
        text(span.resource.attributes, "service.version") ??
        text(span.attributes, "langfuse.release"),
    ),
    account: short(accountOf(span)),
    region: short(regionOf(span)),
    feature: short(attribution.feature),
    team: short(attribution.team),
    userId: short(attribution.userId),
    conversationId: short(attribution.conversationId),
    agent: short(reading.agent),
    promptName: short(attribution.promptName),
    promptVersion: short(attribution.promptVersion),
    tags: attribution.tags,
    defaultFeature: short(attribution.fallback.feature),
    defaultTeam: short(attribution.fallback.team),
    defaultUserId: short(attribution.fallback.userId),
    defaultConversationId: short(attribution.fallback.conversationId),

    tool: short(reading.tool),
    units: reading.units,
    operation: short(reading.operation),
    provider: short(reading.provider),
    requestModel: short(reading.requestModel),
    responseModel: short(reading.responseModel),
    responseId: short(reading.responseId),
    serviceTier: short(reading.serviceTier),
    emitter: short(span.scope.name),
    emitterVersion: short(span.scope.version),
    dialect: reading.dialect,

    statedRetryCount: reading.retryCount,
    statedLoopIteration: reading.loopIteration,
    statedAgentDepth: reading.agentDepth,
    httpStatus: reading.httpStatus,
    modelRequest: reading.modelRequest,
    servedFromCache: reading.servedFromCache,

    usageQuality: reading.usageQuality,
    usageIssue: reading.usageIssue,
    inputTokens: reading.usage?.input,
    cacheReadTokens: reading.usage?.cacheRead,
    cacheWriteTokens: reading.usage?.cacheWrite,
    cacheWrite1hTokens: reading.usage?.cacheWrite1h,
    outputTokens: reading.usage?.output,
    reasoningTokens: reading.usage?.reasoning,
    inputAudioTokens: reading.usage?.inputAudio,
    inputImageTokens: reading.usage?.inputImage,
    cacheReadAudioTokens: reading.usage?.cacheReadAudio,
    outputAudioTokens: reading.usage?.outputAudio,
    outputImageTokens: reading.usage?.outputImage,
    webSearches: reading.usage?.webSearches,
    reportedCostUsd: reportedCost(reading),
  };
  return { ...facts, ...priceFacts(facts, prices) };
}

type UnpricedFacts = Omit<SpanFacts, keyof PriceColumns>;

function viewOf(span: Span): SpanView {
  return {
    name: span.name,
    kind: span.kind,
    failed: span.failed,
    scopeName: span.scope.name,
    scopeVersion: span.scope.version,
    attributes: span.attributes,
    resource: span.resource.attributes,
    eventNames: span.eventNames,
  };
}

function accountOf({ attributes, resource }: Span): string | undefined {
  return (
    text(attributes, "spancost.account") ??
    text(attributes, "cloud.account.id") ??
    text(resource.attributes, "spancost.account") ??
    text(resource.attributes, "cloud.account.id")
  );
}

/** Of the call where the span says it; else where the service runs. */
function regionOf({ attributes, resource }: Span): string | undefined {
  return (
    text(attributes, "aws.region") ??
    text(attributes, "cloud.region") ??
    text(resource.attributes, "cloud.region")
  );
}

/** A gateway's or an SDK's own figure. It is kept beside our cost and never mixed with it. */
function reportedCost({ node, usage, reportedCostUsd }: SpanReading): PicoUsd | undefined {
  if (reportedCostUsd === undefined || (node !== "call" && usage === undefined)) return undefined;
  return usdFromNumber(reportedCostUsd);
}

function text(source: AttributeSource, key: string): string | undefined {
  const value = source.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function short(value: string | undefined): string | undefined {
  return value === undefined || value.length <= maxText ? value : value.slice(0, maxText);
}
