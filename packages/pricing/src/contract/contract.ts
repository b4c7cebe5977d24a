import type { CellName } from "../price-card.ts";
import type { Share, TieredRate } from "../rates.ts";

/** What a user really pays: prices of models and tools, and names that no catalogue can know. Made by `parseContract`. */
export interface Contract {
  /** First 12 hex digits of the SHA-256 of the file's text. */
  readonly contractId: string;
  readonly name: string | undefined;
  /** In the order of the file: the first that fits and says something on a cell decides. */
  readonly prices: readonly ContractPrice[];
  readonly tools: readonly ToolPrice[];
  readonly aliases: readonly ModelAlias[];
}

/** Texts in lower case, where `*` stands for any text. `undefined`: whatever it is, or none. */
export type Patterns = readonly string[] | undefined;

/** From the first instant on and until, but not at, the second, in milliseconds since 1970. `undefined` is open. */
export interface Period {
  readonly from: number | undefined;
  readonly until: number | undefined;
}

export interface ContractPrice extends Period {
  /** As people call it: the entry's name, or "line 12". */
  readonly name: string;
  /** Ids of the catalogue where the name is one we know, otherwise as spans have it. */
  readonly provider: Patterns;
  readonly model: Patterns;
  readonly account: Patterns;
  readonly region: Patterns;
  /** Service tiers; "standard" is none in particular. */
  readonly tier: Patterns;
  readonly terms: Terms;
}

/** What an entry says of prices. */
export type Terms =
  /** Rates of its own for the cells that it names. */
  | { readonly kind: "rates"; readonly cells: Readonly<Partial<Record<CellName, TieredRate>>> }
  /** What is left of, or put on, the rate that the layers below have: 88 hundredths for 12 % off. */
  | { readonly kind: "share"; readonly cells: Readonly<Partial<Record<CellName, CellShare>>> }
  /** The call costs its share of a machine's time, and its tokens nothing. */
  | { readonly kind: "gpu_hour"; readonly picoUsd: bigint; readonly microCalls: bigint };

export interface CellShare extends Share {
  /** As people read it: "12 % off". */
  readonly text: string;
}

/** The price of each use of a tool, or of each unit where spans count units. */
export interface ToolPrice extends Period {
  readonly name: string;
  readonly tool: Patterns;
  readonly operation: Patterns;
  /** As spans have it: the makers of tools are in no list of ours. */
  readonly provider: Patterns;
  readonly account: Patterns;
  readonly region: Patterns;
  readonly picoUsd: bigint;
}

/** A model's name that only its users know: an Azure deployment, a Bedrock application profile, a fine-tune. */
export interface ModelAlias {
  readonly provider: Patterns;
  readonly model: Patterns;
  /** The model that it is priced as, as a catalogue or an entry of the contract has it. */
  readonly is: string;
  /** Whose model that is; `undefined`: the provider's that the call states. */
  readonly at: string | undefined;
}
