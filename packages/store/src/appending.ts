import type { InParts } from "./journal/in-parts.ts";
import { JournalError } from "./journal/journal.ts";
import type { Horizon } from "./retention/horizon.ts";

/** What came of spans that were appended. */
export interface Appended {
  /** Spans that were not kept, for they began before the horizon of what is kept. */
  readonly late: number;
}

/** Spans that are appended in parts. */
export type Appending = InParts<Appended>;

/** Spans on their way into a journal, but for those of before the horizon. */
export function appendingTo(journal: InParts<void>, horizon: Horizon): Appending {
  const { from } = horizon;
  let late = 0;
  return {
    add(facts) {
      const sorted = horizon.admitted(facts);
      late += sorted.late;
      journal.add(sorted.kept);
    },
    finish() {
      if (horizon.from === from) return journal.finish().then(() => ({ late }));
      // Whoever moved it waits for what was finished by then, and deletes the past of what was not.
      journal.cancel();
      return Promise.reject(new JournalError("full", "what is kept has just changed"));
    },
    cancel: () => journal.cancel(),
  };
}
