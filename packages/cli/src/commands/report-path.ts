import { extname } from "node:path";
import { UsageError } from "../errors.ts";

/** Where a report goes: one file of a kind, or a folder with all of it. */
export type ReportPath = {
  readonly kind: "folder" | "markdown" | "html" | "json";
  readonly path: string;
};

const kinds = { ".md": "markdown", ".html": "html", ".json": "json" } as const;

/** Documents of other kinds. What else stands after a point is part of a folder's name, such as a day. */
const otherKinds =
  /^\.(pdf|txt|htm|markdown|docx?|csv|jsonl|parquet|png|svg|zip|gz|db|duckdb|xlsx?)$/;

/** @throws UsageError for a file of a kind that reports do not have */
export function reportPath(path: string): ReportPath {
  const extension = extname(path).toLowerCase();
  const known = Object.entries(kinds).find(([name]) => name === extension);
  if (known !== undefined) return { kind: known[1], path };
  if (path !== "" && !otherKinds.test(extension)) return { kind: "folder", path };
  throw new UsageError(
    `--out takes a folder, or a file that ends in .md, .html or .json, not "${path}".`,
  );
}
