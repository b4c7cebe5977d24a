import { createPriceBook, type PriceBook } from "@spancost/pricing";
import type { SpanSink } from "@spancost/receiver";
import { type Span, toSpanFacts } from "@spancost/records";
import { Store } from "@spancost/store";

/** How the parts are put together: bytes → spans → priced facts → the store. */
export interface Pipeline {
  readonly store: Store;
  readonly prices: PriceBook;
  /** Prices spans and stores them; durable once it resolves. */
  readonly sink: SpanSink;
}

/**
 * Opens a database file, or `:memory:`.
 *
 * @throws StoreInUseError where another process has it
 */
export async function openPipeline(file: string): Promise<Pipeline> {
  const prices = createPriceBook();
  const store = await Store.open(file);
  const sink = {
    append: (spans: readonly Span[]) =>
      store.append(spans.map((span) => toSpanFacts(span, prices))),
  };
  return { store, prices, sink };
}
