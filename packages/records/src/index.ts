export type { SpanId, TraceId } from "./ids.ts";
export { spanIdFromHex, traceIdFromHex } from "./ids.ts";
export type { FactsToPrice, PriceColumns } from "./price-facts.ts";
export { priceFacts } from "./price-facts.ts";
export type { Resource, Scope, Span } from "./span.ts";
export type { SpanFacts } from "./span-facts.ts";
export type { UnixMicros } from "./time.ts";
export { clampMicros, latestMicros } from "./time.ts";
export { toSpanFacts } from "./to-span-facts.ts";
