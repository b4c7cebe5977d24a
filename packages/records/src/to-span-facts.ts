import { type PicoUsd, type PriceBook, usdFromNumber } from "@spancost/pricing";
import {
  accountOf,
  firstText,
  keyList,
  readSpan,
  regionOf,
  type SpanReading,
  type SpanView,
} from "@spancost/semconv";
import { notPriced, type PriceColumns, priceFacts } from "./price-facts.ts";
import type { Span } from "./span.ts";
import type { SpanFacts } from "./span-facts.ts";
import type { UnixMicros } from "./time.ts";

/** Longest text kept in a column, in UTF-16 units. Names are short; what is longer is content by mistake. */
const maxText = 256;

const keys = {
  service: keyList("service.name"),
  environment: keyList("deployment.environment.name", "deployment.environment"),
  langfuseEnvironment: keyList("langfuse.environment"),
  ownRelease: keyList("spancost.release"),
  release: keyList("service.version"),
  langfuseRelease: keyList("langfuse.release"),
};

/** Reads and prices one span. Pure: the same span and prices give the same facts. */
export function toSpanFacts(span: Span, prices: PriceBook): SpanFacts {
  const view = viewOf(span);
  const reading = readSpan(view);
  const { attribution } = reading;
  const facts: PricedLater = {
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId === span.spanId ? undefined : span.parentSpanId,
    startedAt: span.startedAt,
    // A clock that was set back during the span: it took no time rather than less than none.
    endedAt: Math.max(span.startedAt, span.endedAt) as UnixMicros,
    name: short(reading.name) ?? "",
    kind: span.kind,
    node: reading.node,
    failed: span.failed,
    errorType: short(reading.errorType),

    service: short(firstText(span.resource.attributes, keys.service)),
    environment: short(
      firstText(span.resource.attributes, keys.environment) ??
        firstText(span.attributes, keys.langfuseEnvironment),
    ),
    release: short(
      firstText(span.attributes, keys.ownRelease) ??
        firstText(span.resource.attributes, keys.release) ??
        firstText(span.attributes, keys.langfuseRelease),
    ),
    account: short(accountOf(view)),
    region: short(regionOf(view)),
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

    costUsd: undefined,
    inputCostUsd: undefined,
    cacheReadCostUsd: undefined,
    cacheWriteCostUsd: undefined,
    outputCostUsd: undefined,
    otherCostUsd: undefined,
    unpricedReason: undefined,
    priceSource: undefined,
    priceId: undefined,
    pricedAt: undefined,
  };
  setPrice(facts, priceFacts(facts, prices));
  return facts;
}

type PricedLater = Omit<SpanFacts, keyof PriceColumns> & {
  -readonly [Column in keyof PriceColumns]: PriceColumns[Column];
};

/** Column by column: to copy an object of 75 fields would take as long as to price the span. */
function setPrice(facts: PricedLater, price: PriceColumns): void {
  if (price === notPriced) return;
  facts.costUsd = price.costUsd;
  facts.inputCostUsd = price.inputCostUsd;
  facts.cacheReadCostUsd = price.cacheReadCostUsd;
  facts.cacheWriteCostUsd = price.cacheWriteCostUsd;
  facts.outputCostUsd = price.outputCostUsd;
  facts.otherCostUsd = price.otherCostUsd;
  facts.unpricedReason = price.unpricedReason;
  facts.priceSource = price.priceSource;
  facts.priceId = price.priceId;
  facts.pricedAt = price.pricedAt;
}

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

/** A gateway's or an SDK's own figure. It is kept beside our cost and never mixed with it. */
function reportedCost({ node, usage, reportedCostUsd }: SpanReading): PicoUsd | undefined {
  if (reportedCostUsd === undefined || (node !== "call" && usage === undefined)) return undefined;
  return usdFromNumber(reportedCostUsd);
}

function short(value: string | undefined): string | undefined {
  return value === undefined || value.length <= maxText ? value : value.slice(0, maxText);
}
