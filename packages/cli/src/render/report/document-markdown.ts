import type { Block, Document, Table, Text } from "@spancost/web";

/** Where pictures are: the path of each beside the Markdown file, by name. */
export type PicturePath = (name: string) => string;

/** How each blank begins that is left for people. */
export const blankBegin = "_To be filled in: ";

/**
 * A document as Markdown of GitHub's kind, with a line feed at its end.
 *
 * Without `pictureAt` charts are their numbers alone.
 */
export function documentMarkdown(document: Document, pictureAt?: PicturePath): string {
  const parts = [
    `# ${inline(document.title)}`,
    inline(document.subtitle),
    ...document.sections.flatMap(({ title, blocks }) => [
      `## ${escapedText(title)}`,
      ...blocks.map((block) => blockMarkdown(block, pictureAt)),
    ]),
    "---",
    inline(document.footer),
  ];
  return parts.join("\n\n");
}

function blockMarkdown(block: Block, pictureAt: PicturePath | undefined): string {
  switch (block.kind) {
    case "text":
      return inline(block.text);
    case "heading":
      return `### ${inline(block.text)}`;
    case "figures":
      return figures(block.figures.map(({ label, value, note }) => [label, value, note]));
    case "list":
      return block.items.map((item) => `- ${inline(item)}`).join("\n");
    case "table":
      return tableMarkdown(block.table);
    case "chart": {
      const { name, chart, table } = block;
      const picture = pictureAt && `![${escapedText(chart.sentence)}](${pictureAt(name)})\n\n`;
      const numbers = tableMarkdown(table);
      if (picture === undefined) return `${escapedText(chart.sentence)}\n\n${numbers}`;
      return `${picture}<details><summary>The numbers of this chart</summary>\n\n${numbers}\n\n</details>`;
    }
    case "commands":
      return fenced(block.lines.join("\n"));
    case "blank":
      return `${blankBegin}${escapedText(block.what)}_`;
    default:
      throw new TypeError(block satisfies never);
  }
}

function figures(lines: readonly (readonly string[])[]): string {
  const rows = lines.map((line) => `| ${line.map(escapedText).join(" | ")} |`);
  return ["| | | |", "| --- | ---: | --- |", ...rows].join("\n");
}

function tableMarkdown({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => escapedText(title))),
    line(columns.map(({ side }) => (side === "right" ? "---:" : "---"))),
    ...rows.map(({ cells, isTotal }) =>
      line(cells.map((cell) => (isTotal ? strong(inline(cell, true)) : inline(cell, true)))),
    ),
  ].join("\n");
}

function inline(text: Text, inTable = false): string {
  return text
    .map((words) => {
      if (typeof words === "string") return escapedText(words);
      return "strong" in words ? strong(escapedText(words.strong)) : code(words.code, inTable);
    })
    .join("");
}

function strong(markdown: string): string {
  return markdown.trim() === "" ? markdown : `**${markdown}**`;
}

/** As code, within as many backticks as no run of them inside has. */
function code(text: string, inTable: boolean): string {
  const plain = oneLine(text);
  const longest = Math.max(0, ...[...plain.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  const pad = plain.startsWith("`") || plain.endsWith("`") || plain === "" ? " " : "";
  // In a table a bar ends the cell, also within code.
  const shown = inTable ? plain.replaceAll("|", "\\|") : plain;
  return `${fence}${pad}${shown}${pad}${fence}`;
}

function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}sh\n${text}\n${fence}`;
}

/**
 * `text` as text: no letter of it is taken for Markdown or HTML, it starts no line of its own, and names nobody.
 *
 * A word joiner, which is not seen, stands after an @ and in "://": hosts of Markdown make a mention of the one and a
 * link of the other, and both come from other people's traffic.
 */
export function escapedText(text: string): string {
  return oneLine(text)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replace(/[\\`*_{}[\]|#~!]/g, "\\$&")
    .replace(/@(?=[\w-])/g, "@\u2060")
    .replace(/:\/\//g, ":\u2060//")
    .replace(/\bwww\./gi, (found) => `${found.slice(0, -1)}\u2060.`)
    .replace(/^(\s*)([-+])(?=\s)/, "$1\\$2")
    .replace(/^(\s*\d+)([.)])(?=\s)/, "$1\\$2");
}

function oneLine(text: string): string {
  return text.replace(/[\r\n\u2028\u2029]+/g, " ");
}
