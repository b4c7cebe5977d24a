import type { PriceBook } from "@spancost/pricing";
import type { Rows, Variables } from "@spancost/store";

/** What answers SQL: the store, or in a test what it would say. */
export interface Reader {
  /** Runs one SELECT. `variables` are what `getvariable('name')` in it gives. */
  readRows(sql: string, variables?: Variables): Promise<Rows>;
}

/** What a question may look at. */
export interface World {
  readonly reader: Reader;
  readonly prices: PriceBook;
}

/** A stream that text is written to. */
export interface Out {
  readonly isTTY: boolean;
  /** Of the terminal, in characters; `undefined` where there is none. */
  readonly columns: number | undefined;
  write(text: string): void;
  /** `text` in a style of `node:util`'s styleText, or as it is where the stream shows none. */
  style(format: TextStyle, text: string): string;
}

/** The styles that are used: none carries a meaning that the text does not. */
export type TextStyle = "bold" | "dim" | "red" | "yellow" | "green" | "cyan";

/** What a run of the command has around it. */
export interface Io {
  readonly stdin: NodeJS.ReadableStream;
  readonly stdout: Out;
  readonly stderr: Out;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds since 1970. */
  now(): number;
}
