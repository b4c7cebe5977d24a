import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  INTEGER,
  MAP,
  TIMESTAMP,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from "@duckdb/node-api";
import type { PriceColumns, SpanFacts, UnixMicros } from "@spancost/records";
import {
  writeBooleans,
  writeDecimals,
  writeIntegers,
  writeUnsignedBytes,
  writeUnsignedShorts,
  writeWholeNumbers,
} from "./vectors/numbers.ts";
import { type Column, column } from "./vectors/table-writer.ts";
import { writeTextMaps } from "./vectors/text-maps.ts";
import { writeTexts } from "./vectors/texts.ts";

const money = DECIMAL(18, 12);
const textMap = MAP(VARCHAR, VARCHAR);

export function text<Row = SpanFacts>(
  name: string,
  value: (row: Row) => string | undefined,
): Column<Row> {
  return column(name, VARCHAR, writeTexts, value);
}

export function time<Row = SpanFacts>(
  name: string,
  value: (row: Row) => UnixMicros | undefined,
): Column<Row> {
  return column(name, TIMESTAMP, writeWholeNumbers, value);
}

export function integer<Row = SpanFacts>(
  name: string,
  value: (row: Row) => number | undefined,
): Column<Row> {
  return column(name, INTEGER, writeIntegers, value);
}

function tokens(name: string, value: (facts: SpanFacts) => number | undefined): Column<SpanFacts> {
  return column(name, BIGINT, writeWholeNumbers, value);
}

function usd<Row = SpanFacts>(name: string, value: (row: Row) => bigint | undefined): Column<Row> {
  return column(name, money, writeDecimals, value);
}

/** The parts of a cost. */
const costColumns: readonly Column<PriceColumns>[] = [
  usd("input_cost_usd", (f) => f.inputCostUsd),
  usd("cache_read_cost_usd", (f) => f.cacheReadCostUsd),
  usd("cache_write_cost_usd", (f) => f.cacheWriteCostUsd),
  usd("output_cost_usd", (f) => f.outputCostUsd),
  usd("other_cost_usd", (f) => f.otherCostUsd),
];

const sourceColumns: readonly Column<PriceColumns>[] = [
  text("price_source", (f) => f.priceSource),
  text("price_id", (f) => f.priceId),
];

/** The columns of `span_prices` behind those that say which span it is, in the table's order. */
export const priceColumns: readonly Column<PriceColumns>[] = [
  usd("cost_usd", (f) => f.costUsd),
  ...costColumns,
  text("unpriced_reason", (f) => f.unpricedReason),
  ...sourceColumns,
];

/** The columns of `span_facts`, in the table's order; a test holds the two together. */
export const spanFactColumns: readonly Column<SpanFacts>[] = [
  text("trace_id", (f) => f.traceId),
  text("span_id", (f) => f.spanId),
  text("parent_span_id", (f) => f.parentSpanId),
  time("started_at", (f) => f.startedAt),
  time("ended_at", (f) => f.endedAt),
  text("name", (f) => f.name),
  column("kind", UTINYINT, writeUnsignedBytes, (f) => f.kind),
  text("node", (f) => f.node),
  text("status", (f) => (f.failed ? "error" : "ok")),
  text("error_type", (f) => f.errorType),
  text("service", (f) => f.service),
  text("environment", (f) => f.environment),
  text("release", (f) => f.release),
  text("feature", (f) => f.feature),
  text("team", (f) => f.team),
  text("user_id", (f) => f.userId),
  text("conversation_id", (f) => f.conversationId),
  text("agent", (f) => f.agent),
  text("prompt_name", (f) => f.promptName),
  text("prompt_version", (f) => f.promptVersion),
  column("tags", textMap, writeTextMaps, (f) => f.tags),
  text("default_feature", (f) => f.defaultFeature),
  text("default_team", (f) => f.defaultTeam),
  text("default_user_id", (f) => f.defaultUserId),
  text("default_conversation_id", (f) => f.defaultConversationId),
  text("tool", (f) => f.tool),
  text("operation", (f) => f.operation),
  text("provider", (f) => f.provider),
  text("request_model", (f) => f.requestModel),
  text("response_model", (f) => f.responseModel),
  text("response_id", (f) => f.responseId),
  text("service_tier", (f) => f.serviceTier),
  text("emitter", (f) => f.emitter),
  text("emitter_version", (f) => f.emitterVersion),
  text("dialect", (f) => f.dialect),
  integer("stated_retry_count", (f) => f.statedRetryCount),
  integer("stated_loop_iteration", (f) => f.statedLoopIteration),
  integer("stated_agent_depth", (f) => f.statedAgentDepth),
  column("http_status", USMALLINT, writeUnsignedShorts, (f) => f.httpStatus),
  column("model_request", BOOLEAN, writeBooleans, (f) => f.modelRequest),
  column("served_from_cache", BOOLEAN, writeBooleans, (f) => f.servedFromCache),
  text("usage_quality", (f) => f.usageQuality),
  text("usage_issue", (f) => f.usageIssue),
  tokens("input_tokens", (f) => f.inputTokens),
  tokens("cache_read_tokens", (f) => f.cacheReadTokens),
  tokens("cache_write_tokens", (f) => f.cacheWriteTokens),
  tokens("cache_write_1h_tokens", (f) => f.cacheWrite1hTokens),
  tokens("output_tokens", (f) => f.outputTokens),
  tokens("reasoning_tokens", (f) => f.reasoningTokens),
  ...costColumns,
  text("unpriced_reason", (f) => f.unpricedReason),
  usd("reported_cost_usd", (f) => f.reportedCostUsd),
  ...sourceColumns,
  text("account", (f) => f.account),
  text("region", (f) => f.region),
  integer("units", (f) => f.units),
  tokens("input_audio_tokens", (f) => f.inputAudioTokens),
  tokens("input_image_tokens", (f) => f.inputImageTokens),
  tokens("cache_read_audio_tokens", (f) => f.cacheReadAudioTokens),
  tokens("output_audio_tokens", (f) => f.outputAudioTokens),
  tokens("output_image_tokens", (f) => f.outputImageTokens),
  tokens("web_searches", (f) => f.webSearches),
];
