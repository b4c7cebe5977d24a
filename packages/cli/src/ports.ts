import type { Contract, PriceBook } from "@spancost/pricing";
import type { Behind, Rows, Variables } from "@spancost/store";
import type { Pasteable } from "./pasteable.ts";

/** What answers SQL: the store, or in a test what it would say. */
export interface Reader {
  /** Runs one SELECT. `variables` are what `getvariable('name')` in it gives. */
  readRows(sql: string, variables?: Variables): Promise<Rows>;
  /** What was acknowledged before and is not in the answers; left out, or `undefined`: nothing. */
  behind?(): Promise<Behind | undefined>;
}

/** What a question may look at. */
export interface World {
  readonly reader: Reader;
  readonly prices: PriceBook;
}

/** What re-prices and loads contracts: the pipeline, or nothing where only reading is allowed. */
export interface PriceDesk {
  /** @throws CommandError with every problem of the file */
  loadContract(text: string, fileName: string): Promise<LoadedContract>;
  /** Prices what is stored anew, by the loaded contract or by another that is only tried. */
  reprice(order: RepriceQuestion): Promise<RepricedRun>;
  /** @returns false where there is no such run; 0 is what was booked */
  choosePricingRun(runId: number): Promise<boolean>;
}

/** A contract that prices what arrives from now on. */
export interface LoadedContract {
  readonly contract: Contract;
  /** What is allowed and looks like a mistake. */
  readonly warnings: readonly string[];
  /** It was the newest before, too. */
  readonly known: boolean;
}

export interface RepriceQuestion {
  readonly since: string | undefined;
  readonly until: string | undefined;
  /** `undefined`: the contract that is loaded. */
  readonly contract: { readonly text: string; readonly fileName: string } | undefined;
}

export interface RepricedRun {
  readonly runId: number;
  readonly spans: number;
  readonly catalogue: string;
  readonly contractId: string | undefined;
}

/** What a command that changes something may use. */
export interface WritableWorld extends World {
  readonly desk: PriceDesk;
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
  /** Errors, and warnings that change what an answer means. */
  readonly stderr: Out;
  /** Progress, hints and notes: stderr too, or nowhere with --quiet. */
  readonly notes: Out;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Makes the commands in what is said such that they can be pasted. */
  readonly pasteable: Pasteable;
  /** Milliseconds since 1970. */
  now(): number;
}
