import { type Sender, SinkFullError, type SpanSink } from "@spancost/receiver";
import type { SpanFacts } from "@spancost/records";
import { type Appending, JournalError, type Store } from "@spancost/store";

/** Stores what a receiver has read; durable once it resolves. */
export function storeSink(store: Store): SpanSink<SpanFacts> {
  const append: SpanSink<SpanFacts>["append"] = (facts, sender) =>
    store.append(ownedBy(sender, facts)).catch(refuse);
  if (!store.hasJournal) return { append };
  return {
    append,
    begin(sender, bytes) {
      const appending = beginning(store, bytes);
      return {
        add: (facts) => appending.add(ownedBy(sender, facts)),
        finish: () => appending.finish().catch(refuse),
        cancel: () => appending.cancel(),
      };
    },
  };
}

function beginning(store: Store, bytes: number): Appending {
  try {
    return store.begin(bytes);
  } catch (error) {
    return refuse(error);
  }
}

/** Whose spans they are, a token says and not the spans. */
function ownedBy(sender: Sender | undefined, facts: readonly SpanFacts[]): readonly SpanFacts[] {
  const team = sender?.team;
  return team === undefined ? facts : facts.map((one) => ({ ...one, team }));
}

/** A sender of spans that cannot be kept for now is asked to try again, and the log is not filled with it. */
function refuse(error: unknown): never {
  throw error instanceof JournalError && error.reason !== "broken"
    ? new SinkFullError(error.message)
    : error;
}
