import type { Question, ReadingCommand, WritingCommand } from "../commands/reading-command.ts";
import type { Envelope } from "../envelope/envelope.ts";
import type { Texts } from "../flags/texts.ts";
import type { WritableWorld } from "../ports.ts";

/** What answers questions: a database that is opened here, or a receiver that is asked over HTTP. */
export interface Source {
  /** @param question the texts as `command` understood them; a receiver understands them itself */
  answer(
    command: Pick<ReadingCommand, "name" | "needsStore">,
    texts: Texts,
    question: Question,
  ): Promise<Envelope>;
  /** Changes something. @param act the texts as `command` understood them */
  write(
    command: Pick<WritingCommand, "name">,
    texts: Texts,
    act: (world: WritableWorld) => Promise<Envelope>,
  ): Promise<Envelope>;
  /** Writes a consistent copy to `outFile`, which does not exist yet. */
  snapshot(outFile: string): Promise<void>;
  close(): Promise<void>;
}
