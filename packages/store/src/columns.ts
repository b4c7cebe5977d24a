import {
  BIGINT,
  BOOLEAN,
  DECIMAL,
  DOUBLE,
  DuckDBDecimalValue,
  DuckDBMapValue,
  DuckDBTimestampValue,
  type DuckDBType,
  type DuckDBValue,
  INTEGER,
  MAP,
  TIMESTAMP,
  USMALLINT,
  UTINYINT,
  VARCHAR,
} from "@duckdb/node-api";
import type { PriceColumns, SpanFacts, UnixMicros } from "@spancost/records";

/** A column: its type, and its value of a span. */
export interface Column<Facts = SpanFacts> {
  readonly name: string;
  readonly type: DuckDBType;
  readonly value: (facts: Facts) => DuckDBValue;
}

const money = DECIMAL(18, 12);
const textMap = MAP(VARCHAR, VARCHAR);

function text<Facts = SpanFacts>(
  name: string,
  value: (facts: Facts) => string | undefined,
): Column<Facts> {
  return { name, type: VARCHAR, value: (facts) => value(facts) ?? null };
}

function time<Facts = SpanFacts>(
  name: string,
  value: (facts: Facts) => UnixMicros | undefined,
): Column<Facts> {
  return {
    name,
    type: TIMESTAMP,
    value: (facts) => timestamp(value(facts)),
  };
}

/** Microseconds since 1970 as DuckDB's TIMESTAMP. */
export function timestamp(micros: UnixMicros | undefined): DuckDBTimestampValue | null {
  return micros === undefined ? null : new DuckDBTimestampValue(BigInt(micros));
}

function integer(name: string, value: (facts: SpanFacts) => number | undefined): Column {
  return { name, type: INTEGER, value: (facts) => value(facts) ?? null };
}

function tokens(name: string, value: (facts: SpanFacts) => number | undefined): Column {
  return {
    name,
    type: BIGINT,
    value: (facts) => {
      const count = value(facts);
      return count === undefined ? null : BigInt(count);
    },
  };
}

function usd<Facts = SpanFacts>(
  name: string,
  value: (facts: Facts) => bigint | undefined,
): Column<Facts> {
  return {
    name,
    type: money,
    value: (facts) => {
      const amount = value(facts);
      return amount === undefined ? null : new DuckDBDecimalValue(amount, 18, 12);
    },
  };
}

function tagMap(tags: ReadonlyMap<string, string> | undefined): DuckDBMapValue | null {
  if (tags === undefined) return null;
  return new DuckDBMapValue([...tags].map(([key, value]) => ({ key, value })));
}

const costColumns: readonly Column<PriceColumns>[] = [
  usd("cost_usd", (f) => f.costUsd),
  usd("input_cost_usd", (f) => f.inputCostUsd),
  usd("cache_read_cost_usd", (f) => f.cacheReadCostUsd),
  usd("cache_write_cost_usd", (f) => f.cacheWriteCostUsd),
  usd("output_cost_usd", (f) => f.outputCostUsd),
  usd("other_cost_usd", (f) => f.otherCostUsd),
];

const sourceColumns: readonly Column<PriceColumns>[] = [
  text("price_source", (f) => f.priceSource),
  text("price_id", (f) => f.priceId),
  time("priced_at", (f) => f.pricedAt),
];

/** The columns of `span_prices` behind those that say which span it is, in the table's order. */
export const priceColumns: readonly Column<PriceColumns>[] = [
  ...costColumns,
  text("unpriced_reason", (f) => f.unpricedReason),
  ...sourceColumns,
];

/** The columns of `span_facts`, in the table's order; a test holds the two together. */
export const spanFactColumns: readonly Column[] = [
  text("trace_id", (f) => f.traceId),
  text("span_id", (f) => f.spanId),
  text("parent_span_id", (f) => f.parentSpanId),
  time("started_at", (f) => f.startedAt),
  time("ended_at", (f) => f.endedAt),
  { name: "duration_ms", type: DOUBLE, value: (f) => (f.endedAt - f.startedAt) / 1000 },
  text("name", (f) => f.name),
  { name: "kind", type: UTINYINT, value: (f) => f.kind },
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
  { name: "tags", type: textMap, value: (f) => tagMap(f.tags) },
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
  { name: "http_status", type: USMALLINT, value: (f) => f.httpStatus ?? null },
  { name: "model_request", type: BOOLEAN, value: (f) => f.modelRequest },
  { name: "served_from_cache", type: BOOLEAN, value: (f) => f.servedFromCache },
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
