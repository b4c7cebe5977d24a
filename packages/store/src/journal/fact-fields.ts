import type { SpanFacts } from "@spancost/records";

/**
 * How a field is written. Text that occurs again in a frame is written once.
 *
 * - `flag`: its bit alone
 * - `text`: a string of the frame's table
 * - `own`: a string that does not occur again
 * - `trace`: 16 bytes of hex, in a table of its own
 * - `span`: 8 bytes of hex
 * - `number`: a whole number in as many bytes as it needs, any other as a double
 * - `time`: a double
 * - `money`: 64 bits
 * - `tags`: pairs of `text`
 */
export type Kind =
  | "flag"
  | "text"
  | "own"
  | "trace"
  | "span"
  | "number"
  | "time"
  | "money"
  | "tags";

/**
 * The fields of version 1, in the order of their bits. Fields may be added at the end; what an older version
 * wrote has none of their bits.
 */
const kinds: { readonly [Field in keyof Required<SpanFacts>]: Kind } = {
  failed: "flag",
  modelRequest: "flag",
  servedFromCache: "flag",
  traceId: "trace",
  spanId: "span",
  parentSpanId: "span",
  startedAt: "time",
  endedAt: "time",
  pricedAt: "time",
  name: "text",
  node: "text",
  errorType: "text",
  service: "text",
  environment: "text",
  release: "text",
  account: "text",
  region: "text",
  feature: "text",
  team: "text",
  userId: "text",
  conversationId: "text",
  agent: "text",
  promptName: "text",
  promptVersion: "text",
  defaultFeature: "text",
  defaultTeam: "text",
  defaultUserId: "text",
  defaultConversationId: "text",
  tool: "text",
  operation: "text",
  provider: "text",
  requestModel: "text",
  responseModel: "text",
  serviceTier: "text",
  emitter: "text",
  emitterVersion: "text",
  dialect: "text",
  usageQuality: "text",
  usageIssue: "text",
  unpricedReason: "text",
  priceSource: "text",
  priceId: "text",
  responseId: "own",
  kind: "number",
  units: "number",
  statedRetryCount: "number",
  statedLoopIteration: "number",
  statedAgentDepth: "number",
  httpStatus: "number",
  inputTokens: "number",
  cacheReadTokens: "number",
  cacheWriteTokens: "number",
  cacheWrite1hTokens: "number",
  outputTokens: "number",
  reasoningTokens: "number",
  inputAudioTokens: "number",
  inputImageTokens: "number",
  cacheReadAudioTokens: "number",
  outputAudioTokens: "number",
  outputImageTokens: "number",
  webSearches: "number",
  costUsd: "money",
  inputCostUsd: "money",
  cacheReadCostUsd: "money",
  cacheWriteCostUsd: "money",
  outputCostUsd: "money",
  otherCostUsd: "money",
  reportedCostUsd: "money",
  tags: "tags",
};

/** A field of a span and how it is written. */
export interface Field {
  readonly name: keyof SpanFacts;
  readonly kind: Kind;
}

/** All of them, in the order of their bits. */
export const factFields: readonly Field[] = Object.entries(kinds).map(([name, kind]) => ({
  name: name as keyof SpanFacts,
  kind,
}));
/** Bytes of bits that a span may begin with. */
export const mostBitBytes = 32;
