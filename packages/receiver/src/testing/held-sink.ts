import type { Span } from "@spancost/records";
import type { SpanSink } from "../sink.ts";

/** A sink that holds what it is given until it is told to let go of it. */
export class HeldSink implements SpanSink {
  /** Appends that were begun. */
  begun = 0;
  /** Spans that were let go. */
  stored = 0;
  readonly #held: (() => void)[] = [];

  append(spans: readonly Span[]): Promise<void> {
    this.begun += 1;
    return new Promise((resolve) => {
      this.#held.push(() => {
        this.stored += spans.length;
        resolve();
      });
    });
  }

  /** Lets go of the append that was begun first. */
  release(): void {
    this.#held.shift()?.();
  }
}
