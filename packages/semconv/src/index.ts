export type { AttributeSource, AttributeValue, SpanView } from "./span-view.ts";
export { SpanKind } from "./span-view.ts";
export type { TokenCount, Usage, UsageQuality } from "./usage.ts";
export { tokenCount, unknownUsage } from "./usage.ts";
