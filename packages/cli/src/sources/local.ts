import type { Question, ReadingCommand, WritingCommand } from "../commands/reading-command.ts";
import type { Envelope } from "../envelope/envelope.ts";
import type { Texts } from "../flags/texts.ts";
import type { WritableWorld } from "../ports.ts";
import type { Pipeline } from "../wiring.ts";
import { answerAsOf } from "./as-of-run.ts";
import type { Source } from "./source.ts";

/** A database that this process has open. */
export class LocalSource implements Source {
  readonly #pipeline: Pipeline;

  constructor(pipeline: Pipeline) {
    this.#pipeline = pipeline;
  }

  answer(
    _command: Pick<ReadingCommand, "name">,
    texts: Texts,
    question: Question,
  ): Promise<Envelope> {
    const { store, prices } = this.#pipeline;
    return answerAsOf(texts, question, { reader: store, prices });
  }

  write(
    _command: Pick<WritingCommand, "name">,
    _texts: Texts,
    act: (world: WritableWorld) => Promise<Envelope>,
  ): Promise<Envelope> {
    const { store, prices } = this.#pipeline;
    return act({ reader: store, prices, desk: this.#pipeline });
  }

  snapshot(outFile: string): Promise<void> {
    return this.#pipeline.store.snapshot(outFile);
  }

  close(): Promise<void> {
    return this.#pipeline.store.close();
  }
}
