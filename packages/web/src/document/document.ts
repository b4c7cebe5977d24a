import type { Chart } from "../charts/chart.ts";

/** A piece of text: as it is, strong, or as code. What comes from other people's traffic stands in code. */
export type Words = string | { readonly strong: string } | { readonly code: string };

/** A line of text. */
export type Text = readonly Words[];

/** Rows under titles. */
export interface Table {
  readonly columns: readonly { readonly title: string; readonly side: "left" | "right" }[];
  readonly rows: readonly { readonly cells: readonly Text[]; readonly isTotal?: boolean }[];
}

/** One large number with what it is. */
export interface Figure {
  readonly label: string;
  readonly value: string;
  readonly note: string;
}

export type Block =
  | { readonly kind: "text"; readonly text: Text }
  | { readonly kind: "heading"; readonly text: Text }
  | { readonly kind: "figures"; readonly figures: readonly Figure[] }
  | { readonly kind: "list"; readonly items: readonly Text[] }
  | { readonly kind: "table"; readonly table: Table }
  /** A picture with its numbers; `name` is that of its file, where it is one. */
  | { readonly kind: "chart"; readonly name: string; readonly chart: Chart; readonly table: Table }
  /** What can be typed, a line each. */
  | { readonly kind: "commands"; readonly lines: readonly string[] }
  /** Something that only people know. */
  | { readonly kind: "blank"; readonly what: string };

export interface Section {
  /** For links to it: lower-case letters and hyphens. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A report, before it is Markdown or HTML. */
export interface Document {
  readonly title: Text;
  /** What it is and of when, in a line above all else. */
  readonly subtitle: Text;
  readonly sections: readonly Section[];
  readonly footer: Text;
}

/** The text without any markup. */
export function plainText(text: Text): string {
  return text
    .map((words) => {
      if (typeof words === "string") return words;
      return "strong" in words ? words.strong : words.code;
    })
    .join("");
}
