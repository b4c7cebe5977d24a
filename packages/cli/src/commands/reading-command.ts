import type { SandboxAnswer, Variables } from "@spancost/store";
import type { Command } from "commander";
import type { BudgetsText } from "../budgets/budgets-file.ts";
import type { Envelope } from "../envelope/envelope.ts";
import type { Texts } from "../flags/texts.ts";
import type { Pasteable } from "../pasteable.ts";
import type { Io, World, WritableWorld } from "../ports.ts";
import type { Page } from "../render/table.ts";

/** Runs SQL that somebody sent, where it can do no harm. */
export interface Sandbox {
  /** @throws what the store's `SqlSandbox` does */
  ask(sql: string, variables: Variables): Promise<SandboxRows>;
}

/** What every question may be asked with, beside what its command takes. */
export const commonTexts: readonly string[] = ["timezone"];

/** What SQL gave, and when all of it had been stored: milliseconds since 1970. */
export type SandboxRows = SandboxAnswer;

/** What a question may look at. */
export interface AskedWorld extends World {
  /** Where a receiver runs SQL of others; left out in a process of the person whose SQL it is. */
  readonly sandbox?: Sandbox;
  /** Those of a receiver; left out where it has none. */
  readonly budgets?: BudgetsText;
}

/** A question that is understood and not yet asked. */
export type Question = (world: AskedWorld) => Promise<Envelope>;

/**
 * A command that reads and answers. The same object serves the terminal and `GET /api/<name>`: texts in,
 * an envelope out.
 */
export interface ReadingCommand {
  /** In the schema of its answers, and in the URL. */
  readonly name: string;
  /** What its texts may be called: flags and arguments here, parameters in a URL. "run" where it shows costs. */
  readonly takes: readonly string[];
  /** False for what is answered without any stored call. */
  needsStore(texts: Texts): boolean;
  /** It needs no store, and says more where there is one: a contract may be loaded into it. */
  readonly asksContract?: true;
  /** Adds the command to the program, with the arguments and flags that are its own. */
  define(program: Command): Command;
  /** Reads the files that flags or arguments name; only the terminal does, a receiver gets what is in them. */
  read?(texts: Texts, io: Io): Promise<Texts>;
  /**
   * Understands the question.
   *
   * @param now milliseconds since 1970
   * @throws UsageError
   */
  prepare(texts: Texts, now: number): Question;
  /** Its table begins with the window, which is not said beside it then. */
  readonly tellsWindow?: true;
  /** The answer as a terminal shows it, without a line feed at its end. */
  table(envelope: Envelope, page: Page): string;
  /** The answer as Markdown, where it is more than a table of its rows. */
  markdown?(envelope: Envelope, pasteable?: Pasteable): string;
  /** The answer as a page that needs nothing else, where it is one. */
  html?(envelope: Envelope): Promise<string>;
}

/**
 * A command that changes what is stored, and answers. Over HTTP it is `POST /api/<name>` with its texts as a JSON
 * object.
 */
export interface WritingCommand
  extends Omit<ReadingCommand, "prepare" | "needsStore" | "asksContract"> {
  /** False for what changes nothing and needs nothing that is stored. Left out: always true. */
  needsStore?(texts: Texts): boolean;
  /** It makes a database where there is none. */
  readonly makesStore?: true;
  /** @throws UsageError */
  prepare(texts: Texts, now: number): (world: WritableWorld) => Promise<Envelope>;
}
