import type { ArchivingWorld } from "../commands/archive-port.ts";
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
  readonly #closed: () => void;

  /** @param closed called once the database is closed */
  constructor(pipeline: Pipeline, closed: () => void = () => {}) {
    this.#pipeline = pipeline;
    this.#closed = closed;
  }

  answer(
    command: Pick<ReadingCommand, "name" | "needsStore">,
    texts: Texts,
    question: Question,
  ): Promise<Envelope> {
    const { store, prices } = this.#pipeline;
    // One question reads several times, and all of it is one answer: what arrives meanwhile is for the next.
    return answerAsOf(command, texts, question, { reader: store.reader(), prices });
  }

  write(
    _command: Pick<WritingCommand, "name">,
    _texts: Texts,
    act: (world: WritableWorld) => Promise<Envelope>,
  ): Promise<Envelope> {
    const { store, prices } = this.#pipeline;
    const [desk, archivist] = [this.#pipeline, this.#pipeline];
    const world: ArchivingWorld = { reader: store, prices, desk, archivist };
    return act(world);
  }

  snapshot(outFile: string): Promise<void> {
    return this.#pipeline.store.snapshot(outFile);
  }

  async close(): Promise<void> {
    try {
      await this.#pipeline.store.close();
    } finally {
      this.#closed();
    }
  }
}
