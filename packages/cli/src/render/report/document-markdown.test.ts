import type { Document } from "@spancost/web";
import { describe, expect, test } from "vitest";
import { documentMarkdown, escapedText } from "./document-markdown.ts";

function documentOf(...blocks: Document["sections"][number]["blocks"]): Document {
  return {
    title: ["t"],
    subtitle: ["s"],
    sections: [{ id: "a", title: "A", blocks }],
    footer: ["f"],
  };
}

/** What stands between the title of the section and the footer. */
function markdownOf(...blocks: Document["sections"][number]["blocks"]): string {
  const text = documentMarkdown(documentOf(...blocks));
  return text.slice(text.indexOf("## A\n\n") + 6, text.lastIndexOf("\n\n---"));
}

describe("no text is taken for markup", () => {
  test.each([
    ["<b>x</b>", "&lt;b&gt;x&lt;/b&gt;"],
    ["a|b", "a\\|b"],
    ["*a* _b_ `c` ~~d~~", "\\*a\\* \\_b\\_ \\`c\\` \\~\\~d\\~\\~"],
    ["![x](y)", "\\!\\[x\\](y)"],
    ["one\n## two\r\n- three", "one \\#\\# two - three"],
    ["- a", "\\- a"],
    ["1. a", "1\\. a"],
    ["&lt;", "&amp;lt;"],
    ["$1.00, $2.00", "$1.00, $2.00"],
  ])("%j", (text, markdown) => {
    expect(escapedText(text)).toBe(markdown);
  });

  test("nobody is mentioned and nothing is linked", () => {
    expect(escapedText("@octocat https://a.example www.a.example")).toBe(
      "@\u2060octocat https:\u2060//a.example www\u2060.a.example",
    );
  });
});

describe("a name as code ends where it ends", () => {
  test.each([
    ["plain", "`plain`"],
    ["a`b", "``a`b``"],
    ["``", "``` `` ```"],
    ["a\nb", "`a b`"],
    ["a|b", "`a|b`"],
  ])("%j", (code, markdown) => {
    expect(markdownOf({ kind: "text", text: [{ code }] })).toBe(markdown);
  });

  test("in a table a bar does not end the cell", () => {
    const table = {
      columns: [{ title: "n", side: "left" as const }],
      rows: [{ cells: [[{ code: "a|b" }]] }],
    };
    expect(markdownOf({ kind: "table", table })).toBe("| n |\n| --- |\n| `a\\|b` |");
  });

  test("a command cannot end its block", () => {
    expect(markdownOf({ kind: "commands", lines: ["echo '```'"] })).toBe(
      "````sh\necho '```'\n````",
    );
  });
});

test("without a place for pictures a chart is its sentence and its numbers", () => {
  const table = { columns: [{ title: "n", side: "left" as const }], rows: [] };
  const chart = { kind: "loops", sentence: "It *grew*.", points: [] } as const;
  const block = { kind: "chart", name: "loops", chart, table } as const;
  expect(markdownOf(block)).toBe("It \\*grew\\*.\n\n| n |\n| --- |");
  const withPicture = documentMarkdown(documentOf(block), (name) => `${name}.svg`);
  expect(withPicture).toContain("![It \\*grew\\*.](loops.svg)");
});
