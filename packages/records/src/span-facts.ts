import type { PicoUsd } from "@spancost/pricing";
import type { SpanNode, TokenCount, UsageQuality } from "@spancost/semconv";
import type { SpanId, TraceId } from "./ids.ts";
import type { UnixMicros } from "./time.ts";

/**
 * One span, read and priced by itself: a row of the table `span_facts`. `undefined` becomes NULL: unknown.
 *
 * What it is within its trace (billed or a repetition, which step of which loop, whose feature) is worked out
 * when the trace is settled.
 */
export interface SpanFacts {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
  readonly parentSpanId: SpanId | undefined;
  readonly startedAt: UnixMicros;
  readonly endedAt: UnixMicros;
  readonly name: string;
  readonly kind: number;
  readonly node: SpanNode;
  readonly failed: boolean;
  readonly errorType: string | undefined;

  readonly service: string | undefined;
  readonly environment: string | undefined;
  readonly release: string | undefined;
  /** Whose bill it is on, and where it ran: contract prices may depend on them. */
  readonly account: string | undefined;
  readonly region: string | undefined;
  readonly feature: string | undefined;
  readonly team: string | undefined;
  readonly userId: string | undefined;
  readonly conversationId: string | undefined;
  readonly agent: string | undefined;
  readonly promptName: string | undefined;
  readonly promptVersion: string | undefined;
  readonly tags: ReadonlyMap<string, string> | undefined;
  readonly defaultFeature: string | undefined;
  readonly defaultTeam: string | undefined;
  readonly defaultUserId: string | undefined;
  readonly defaultConversationId: string | undefined;

  readonly tool: string | undefined;
  /** Priced units that a tool used; unknown is one. */
  readonly units: number | undefined;
  readonly operation: string | undefined;
  readonly provider: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  readonly responseId: string | undefined;
  readonly serviceTier: string | undefined;
  readonly emitter: string | undefined;
  readonly emitterVersion: string | undefined;
  readonly dialect: string | undefined;

  readonly statedRetryCount: number | undefined;
  readonly statedLoopIteration: number | undefined;
  readonly statedAgentDepth: number | undefined;
  readonly httpStatus: number | undefined;
  readonly modelRequest: boolean;
  readonly servedFromCache: boolean;

  readonly usageQuality: UsageQuality | undefined;
  readonly usageIssue: string | undefined;
  readonly inputTokens: TokenCount | undefined;
  readonly cacheReadTokens: TokenCount | undefined;
  readonly cacheWriteTokens: TokenCount | undefined;
  readonly cacheWrite1hTokens: TokenCount | undefined;
  readonly outputTokens: TokenCount | undefined;
  readonly reasoningTokens: TokenCount | undefined;
  readonly inputAudioTokens: TokenCount | undefined;
  readonly inputImageTokens: TokenCount | undefined;
  readonly cacheReadAudioTokens: TokenCount | undefined;
  readonly outputAudioTokens: TokenCount | undefined;
  readonly outputImageTokens: TokenCount | undefined;
  readonly webSearches: TokenCount | undefined;

  readonly costUsd: PicoUsd | undefined;
  readonly inputCostUsd: PicoUsd | undefined;
  readonly cacheReadCostUsd: PicoUsd | undefined;
  readonly cacheWriteCostUsd: PicoUsd | undefined;
  readonly outputCostUsd: PicoUsd | undefined;
  readonly otherCostUsd: PicoUsd | undefined;
  readonly unpricedReason: string | undefined;
  readonly reportedCostUsd: PicoUsd | undefined;
  readonly priceSource: string | undefined;
  readonly priceId: string | undefined;
  /** The instant whose prices were applied: the span's start. */
  readonly pricedAt: UnixMicros | undefined;
}
