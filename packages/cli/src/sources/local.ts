import type { Question, ReadingCommand } from "../commands/reading-command.ts";
import type { Envelope } from "../envelope/envelope.ts";
import type { Texts } from "../flags/texts.ts";
import type { Pipeline } from "../wiring.ts";
import type { Source } from "./source.ts";

/** A database that this process has open. */
export class LocalSource implements Source {
  readonly #pipeline: Pipeline;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  answer(_command: ReadingCommand, _texts: Texts, question: Question): Promise<Envelope> {
    return question({ reader: this.#pipeline.store, prices: this.#pipeline.prices });
  }

  snapshot(outFile: string): Promise<void> {
    return this.#pipeline.store.snapshot(outFile);
  }

  close(): Promise<void> {
    return this.#pipeline.store.close();
  }
}
