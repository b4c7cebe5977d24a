import { describe, expect, test } from "vitest";
import { reportPath } from "./report-path.ts";

describe("what a report is written as", () => {
  test.each([
    ["incident", "folder"],
    ["incidents/2026.11.19", "folder"],
    ["incident.md", "markdown"],
    ["incident.HTML", "html"],
    ["a/b.json", "json"],
  ])("%s is %s", (path, kind) => {
    expect(reportPath(path)).toEqual({ kind, path });
  });

  test.each(["", "incident.pdf", "spancost.duckdb", "x.csv"])("%j is refused", (path) => {
    expect(() => reportPath(path)).toThrow("--out takes a folder, or a file that ends in");
  });
});
