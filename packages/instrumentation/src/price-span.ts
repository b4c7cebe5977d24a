import type { PriceBook, Priced, Unpriced } from "@spancost/pricing";
import { accountOf, regionOf, type SpanReading, type SpanView } from "@spancost/semconv";
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
