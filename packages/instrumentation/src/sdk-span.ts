import type { Attributes, HrTime, Span, SpanContext } from "@opentelemetry/api";

/** What is used of a finished span of the OpenTelemetry SDK, 2.x and 3.x. No SDK is imported. */
export interface SdkReadableSpan {
  readonly name: string;
  readonly kind: number;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly status: { readonly code: number };
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string }[];
  readonly resource: SdkResource;
  readonly instrumentationScope: { readonly name: string; readonly version?: string };
  spanContext(): SpanContext;
}

/** A span while it is open. */
export type SdkSpan = SdkReadableSpan & Span;

export interface SdkResource {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly asyncAttributesPending?: boolean;
  getRawAttributes?(): readonly (readonly [string, unknown])[];
}

/** An SDK time in whole microseconds since 1970. */
export function microsOf([seconds, nanos]: HrTime): number {
  return seconds * 1_000_000 + Math.floor(nanos / 1_000);
}
