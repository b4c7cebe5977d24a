import type { Cell, Envelope, Row } from "../envelope/envelope.ts";
import type { Texts } from "../flags/texts.ts";

/** What a client may put into a call: strings, lists of them, or named ones. */
export type Arguments = Readonly<
  Record<string, string | readonly string[] | Readonly<Record<string, string>> | undefined>
>;

/** A question to a reading command. */
export interface AskedCommand {
  /** The name of a reading command. */
  readonly command: string;
  readonly texts: Texts;
}

/** What a tool says of an answer. */
export interface Told {
  /** One sentence, of numbers and times alone: no value of an attribute. */
  readonly sentence: string;
  readonly rows: readonly Row[];
  /** Members beside the rows. */
  readonly more?: Readonly<Record<string, Cell>>;
}

/** A tool of `spancost mcp`: a question that a reading command answers. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Properties of its input, as JSON Schema. */
  readonly input: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
  /** True where the rows are our own texts: all of them are told. */
  readonly isCatalogue?: true;
  ask(given: Arguments): AskedCommand;
  /** The question whose view of the page shows the same; left out, that of `ask`. */
  link?(given: Arguments): AskedCommand;
  tell(envelope: Envelope): Told;
}
