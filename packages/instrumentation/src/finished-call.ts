import type { PicoUsd, Priced, Unpriced } from "@spancost/pricing";
import type { SpanReading } from "@spancost/semconv";
import type { WriteAttribute } from "./cost-attributes.ts";
import type { SdkReadableSpan } from "./sdk-span.ts";

/** A call that has just ended, for what is done with calls: the log, metrics, budgets, limits. */
export interface FinishedCall {
  readonly span: SdkReadableSpan;
  readonly reading: SpanReading;
  readonly price: Priced | Unpriced;
  /** Unknown where the call has no price. */
  readonly cost: PicoUsd | undefined;
  readonly feature: string | undefined;
  /** Sets an attribute of the call's span, which is about to end. */
  readonly write: WriteAttribute;
}

/** `SpanStatusCode.ERROR` of the SDK. */
const statusError = 2;

/** A call that failed and told of no usage: nothing was billed, as far as anybody can tell. */
export function hasFailed({ span, reading }: Pick<FinishedCall, "span" | "reading">): boolean {
  return span.status.code === statusError && reading.usageQuality === "missing";
}
