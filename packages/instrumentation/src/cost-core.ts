import { type Context, context } from "@opentelemetry/api";
import { createPriceBook, type PriceBook } from "@spancost/pricing";
import { dialectOf, readSpan, type SpanReading } from "@spancost/semconv";
import { isPriced, type WriteAttribute, writeCost } from "./cost-attributes.ts";
import { type FinishedCall, hasFailed } from "./finished-call.ts";
import { priceOf } from "./price-span.ts";
import { report } from "./quietly.ts";
import { writeRecovered } from "./recovered-usage.ts";
import type { SdkReadableSpan, SdkSpan } from "./sdk-span.ts";
import { SdkSpanView } from "./sdk-span-view.ts";
import { shared } from "./shared.ts";
import { joinCall, noteOf } from "./span-notes.ts";
import { retriesWith, retryCountKey } from "./stated-retries.ts";
import { travelIn } from "./travel.ts";
import { hasTravel, writeTravel } from "./travel-attributes.ts";

/** What is done with each call that has ended, beside its cost. */
export type CallHandler = (call: FinishedCall) => void;

/** What happens at the start and at the end of spans. May throw: its caller reports and goes on. */
export class CostCore {
  readonly #book: PriceBook;
  readonly #handlers: readonly CallHandler[];

  constructor(handlers: readonly CallHandler[] = [], book: PriceBook = createPriceBook()) {
    this.#book = book;
    this.#handlers = handlers;
  }

  /** Writes who a span about models belongs to: at its end it may be in the context of somebody else. */
  started(span: SdkSpan, parentContext: Context): void {
    shared.seen.spans += 1;
    if (dialectOf(new SdkSpanView(span)) === undefined) {
      joinCall(span, parentContext);
      return;
    }
    const travel = travelIn(parentContext);
    if (travel !== undefined) {
      writeTravel(travel, span.attributes, (key, value) => span.setAttribute(key, value));
    }
  }

  /** Writes what a call to a model cost. */
  ended(span: SdkReadableSpan, write: WriteAttribute): void {
    const view = new SdkSpanView(span);
    if (dialectOf(view) === undefined) return;
    shared.seen.modelSpans += 1;
    // For those that showed only after their start what they are: most end in the context that they started in.
    const travel = travelIn(context.active());
    if (travel !== undefined && !hasTravel(span.attributes)) {
      writeTravel(travel, span.attributes, write);
    }
    if (isPriced(span.attributes)) return;
    const seen = readSpan(view);
    if (seen.node !== "call") return;

    const reading = completed(seen, span, write);
    // A gateway that answers from its own cache bills nothing.
    if (reading.servedFromCache) return;
    const price = priceOf(span, view, reading, this.#book);
    writeCost(price, span.attributes, write);
    count(span, reading, price.kind === "priced");
    this.#handle({
      span,
      reading,
      price,
      cost: price.kind === "priced" ? price.cost.total : undefined,
      feature: reading.attribution.feature,
      write,
    });
  }

  #handle(call: FinishedCall): void {
    for (const handler of this.#handlers) {
      try {
        handler(call);
      } catch (problem) {
        report("handling a finished call", problem);
      }
    }
  }
}

/** `reading` with what was seen of the call beside its span, which is written on the span too. */
function completed(
  reading: SpanReading,
  span: SdkReadableSpan,
  write: WriteAttribute,
): SpanReading {
  const note = noteOf(span);
  if (note === undefined) return reading;
  const retries = retriesWith(note.attempts, span.attributes[retryCountKey], reading.dialect);
  if (retries !== undefined) write(retryCountKey, retries);
  if (note.recovered === undefined) return reading;
  return writeRecovered(note.recovered, reading, write) ? readSpan(new SdkSpanView(span)) : reading;
}

function count(span: SdkReadableSpan, reading: SpanReading, priced: boolean): void {
  const { seen } = shared;
  const { usage, usageQuality } = reading;
  seen.calls += 1;
  if (priced) seen.priced += 1;
  // Where no tokens are told at all, how they are split is not what is missing.
  if (!priced && hasFailed({ span, reading })) seen.failed += 1;
  else if (usageQuality === "missing") seen.usageUnknown += priced ? 0 : 1;
  else if (usage?.cacheRead === undefined) seen.cacheUnknown += 1;
}
