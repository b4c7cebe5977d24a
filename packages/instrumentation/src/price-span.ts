import type { PriceBook, Priced, Unpriced } from "@spancost/pricing";
import type { AttributeSource, SpanReading, SpanView } from "@spancost/semconv";
import { microsOf, type SdkReadableSpan } from "./sdk-span.ts";

/** What the call in `span` costs. `reading` is that span's. The receiver asks for the price in the same words. */
export function priceOf(
  span: SdkReadableSpan,
  view: SpanView,
  reading: SpanReading,
  book: PriceBook,
): Priced | Unpriced {
  const startedAt = microsOf(span.startTime);
  return book.price({
    provider: reading.provider,
    requestModel: reading.requestModel,
    responseModel: reading.responseModel,
    startedAt: startedAt / 1000,
    durationMicros: Math.max(0, microsOf(span.endTime) - startedAt),
    // A call always has a usage, if only an unknown one.
    usage: reading.usage as NonNullable<SpanReading["usage"]>,
    serviceTier: reading.serviceTier,
    account: accountOf(view),
    region: regionOf(view),
  });
}

function accountOf({ attributes, resource }: SpanView): string | undefined {
  return (
    text(attributes, "spancost.account") ??
    text(attributes, "cloud.account.id") ??
    text(resource, "spancost.account") ??
    text(resource, "cloud.account.id")
  );
}

function regionOf({ attributes, resource }: SpanView): string | undefined {
  return (
    text(attributes, "aws.region") ??
    text(attributes, "cloud.region") ??
    text(resource, "cloud.region")
  );
}

function text(source: AttributeSource, key: string): string | undefined {
  const value = source.get(key);
  return typeof value === "string" && value !== "" ? value : undefined;
}
