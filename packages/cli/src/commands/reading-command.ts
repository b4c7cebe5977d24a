import type { Command } from "commander";
import type { Envelope } from "../envelope/envelope.ts";
import type { Texts } from "../flags/texts.ts";
import type { World } from "../ports.ts";
import type { Page } from "../render/table.ts";

/** A question that is understood and not yet asked. */
export type Question = (world: World) => Promise<Envelope>;

/**
 * A command that reads and answers. The same object serves the terminal and `GET /api/<name>`: texts in,
 * an envelope out.
 */
export interface ReadingCommand {
  /** In the schema of its answers, and in the URL. */
  readonly name: string;
  /** What its texts may be called: flags and arguments here, parameters in a URL. */
  readonly takes: readonly string[];
  /** False for what is answered without any stored call. */
  needsStore(texts: Texts): boolean;
  /** Adds the command to the program, with the arguments and flags that are its own. */
  define(program: Command): Command;
  /**
   * Understands the question.
   *
   * @param now milliseconds since 1970
   * @throws UsageError
   */
  prepare(texts: Texts, now: number): Question;
  /** The answer as a terminal shows it, without a line feed at its end. */
  table(envelope: Envelope, page: Page): string;
}
